package strictjson

// arena gives a tree its memory in few pieces: a badge is one of dozens of small
// arrays and objects, which live and die together.
type arena struct {
	piece   int // values in a piece
	insides []inside
	items   []Value
	members []Member
}

// arenaFor returns an arena with pieces for a document of so many bytes: a typical
// one takes two or three of each kind, a short token header little memory.
func arenaFor(bytes int) arena { return arena{piece: min(max(8, bytes/128), 512)} }

// hold copies the contents of a container into the tree.
func (a *arena) hold(items []Value, members []Member) *inside {
	in := take(&a.insides, 1, a.piece)
	in[0] = inside{take(&a.items, len(items), a.piece), take(&a.members, len(members), a.piece)}
	copy(in[0].items, items)
	copy(in[0].members, members)
	return &in[0]
}

// take cuts n values off the current piece, or off a new one of the given size.
func take[T any](piece *[]T, n, size int) []T {
	if n == 0 {
		return nil
	}
	used := len(*piece)
	if used+n > cap(*piece) {
		*piece = make([]T, 0, max(n, size))
		used = 0
	}
	*piece = (*piece)[:used+n]
	return (*piece)[used : used+n : used+n]
}
