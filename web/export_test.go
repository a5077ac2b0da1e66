package web

// Route is a row of the table of routes, for tests that are made from it.
type Route struct{ Method, Path, Rule, Scope string }

// Routes returns the whole table, the demo's mailbox included.
func Routes() []Route {
	s := &server{Config: Config{Mailbox: "outbox"}}
	var list []Route
	for _, r := range s.routes() {
		list = append(list, Route{r.method, r.path, string(r.rule), string(r.scope)})
	}
	return list
}
