package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What the house keeps to. A reader may rely on every line of this file.

const module = "github.com/accolade-badges/accolade/"

// arrows says what each room may import of ours, itself and the rooms inside it
// apart. "x/..." means x and all below it. A room that is not listed fails.
var arrows = map[string][]string{
	"openbadges/strictjson":    {},
	"openbadges/jsonld":        {"openbadges/strictjson"},
	"openbadges/did":           {"openbadges/strictjson"},
	"openbadges/status":        {"openbadges/strictjson"},
	"openbadges/bake":          {"openbadges/strictjson"},
	"openbadges/proof":         {"openbadges/strictjson", "openbadges/jsonld", "openbadges/did"},
	"openbadges":               {"openbadges/strictjson", "openbadges/jsonld"},
	"openbadges/interop":       {},
	"openbadges/interop/peers": {},
	"verifier/fetch":           {},
	"verifier":                 {"openbadges/...", "verifier/fetch"},
	"issuer/address":           {},
	"issuer/ledger":            {"issuer/address"},
	"issuer/ledger/ledgertest": {"issuer/ledger"},
	"issuer/keys":              {},
	"issuer/art":               {},
	"issuer/catalogue":         {},
	"issuer/mail":              {"assets"},
	"issuer/mail/mailtest":     {},
	"issuer":                   {"issuer/...", "verifier/...", "openbadges/..."},
	"assets":                   {},
	"assets/programmes":        {},
	"web":                      {"assets/...", "issuer/...", "verifier/...", "openbadges/..."},
	"web/browsertest":          {},
	"cmd/accolade":             {"web", "assets/...", "issuer/...", "verifier/...", "openbadges/..."},
}

// testRooms hold what tests share, and only tests import them: other people's
// software, a PostgreSQL, a name server and a browser of their own.
var testRooms = []string{"openbadges/interop/peers", "issuer/ledger/ledgertest", "issuer/mail/mailtest", "web/browsertest"}

// pure are imports and calls that openbadges does without: no network, no clock,
// no database, no files.
var (
	impureImports = []string{
		"net", "net/http", "net/http/httptrace", "net/smtp", "net/rpc", "crypto/tls", "os", "os/exec", "os/signal",
		"io/ioutil", "path/filepath", "database/sql", "syscall", "plugin", "log", "log/slog", "math/rand", "math/rand/v2",
	}
	clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}
)

// outbound are what opens a connection. Only verifier/fetch may, and issuer/mail
// for SMTP.
var (
	outbound = map[string][]string{
		"net/http":   {"Client", "Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport", "Transport", "NewRequest", "NewRequestWithContext"},
		"net":        {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialUnix", "Dialer", "LookupHost", "LookupIP", "Resolver", "DefaultResolver"},
		"crypto/tls": {"Dial", "DialWithDialer", "Dialer", "Client"},
	}
	mayDial = []string{"verifier/fetch", "issuer/mail"}
)

// SQL stands in one room.
var (
	databases = []string{"database/sql", "database/sql/driver", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx", "github.com/pressly/goose"}
	sqlText   = regexp.MustCompile(`(?is)^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(table|index|unique)\s|alter\s+table\s|pragma\s)`)
)

// The longest that a file of source, style or template may be, and the largest
// file of any kind.
const (
	maxLines = 600
	maxBytes = 300_000
)

// sourceFile is one parsed Go file of the tree.
type sourceFile struct {
	name string // slash-separated, from the root of the tree
	room string // its folder
	test bool
	ast  *ast.File
	fset *token.FileSet
}

func (s sourceFile) at(n ast.Node) string {
	return s.name + ":" + strconv.Itoa(s.fset.Position(n.Pos()).Line)
}

// imports maps the local name of each import to its path.
func (s sourceFile) imports() map[string]string {
	found := map[string]string{}
	for _, i := range s.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		local := path.Base(p)
		if i.Name != nil {
			local = i.Name.Name
		}
		found[local] = p
	}
	return found
}

const root = "../.."

// walk visits every file of the tree that could be committed.
func walk(t *testing.T, visit func(name string, body []byte)) {
	t.Helper()
	skip := []string{".git", "bin", "data", "node_modules"}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(skip, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if ext := filepath.Ext(p); ext == ".test" || ext == ".prof" {
			return nil
		}
		body, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		visit(filepath.ToSlash(rel), body)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func source(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	fset := token.NewFileSet()
	walk(t, func(name string, body []byte) {
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") {
			return
		}
		parsed, err := parser.ParseFile(fset, name, body, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, sourceFile{name: name, room: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), ast: parsed, fset: fset})
	})
	if len(files) < 20 {
		t.Fatalf("found %d Go files under %s; the house cannot be that small", len(files), root)
	}
	return files
}

func TestHouseArrowsPointDown(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		allowed, known := arrows[f.room]
		if !known {
			t.Errorf("%s: the room %s is not in the plan of the house; add it to arrows, or put the file where it belongs", f.name, f.room)
			continue
		}
		for _, i := range f.ast.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			to, ours := strings.CutPrefix(p, module)
			switch {
			case !ours, f.test && mayTest(f.room, to), !f.test && !slices.Contains(testRooms, to) && mayImport(allowed, to):
			default:
				t.Errorf("%s: %s may not import %s", f.at(i), f.room, to)
			}
		}
	}
}

func mayImport(allowed []string, to string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		below, all := strings.CutSuffix(a, "/...")
		return a == to || all && (to == below || strings.HasPrefix(to, below+"/"))
	})
}

// mayTest allows a test what its room is allowed, its own room, what tests share,
// and for the peers' tests the whole standard.
func mayTest(room, to string) bool {
	return to == room || slices.Contains(testRooms, to) || mayImport(arrows[room], to) ||
		room == "openbadges/interop" && mayImport([]string{"openbadges/..."}, to)
}

func TestHouseStandardIsPure(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.room != "openbadges" && !strings.HasPrefix(f.room, "openbadges/") || slices.Contains(testRooms, f.room) {
			continue
		}
		for _, i := range f.ast.Imports {
			if p, _ := strconv.Unquote(i.Path.Value); slices.Contains(impureImports, p) {
				t.Errorf("%s: openbadges has no network, clock, database or files, so it does not import %s", f.at(i), p)
			}
		}
		eachUse(f, func(n ast.Node, pkg, name string) {
			if pkg == "time" && slices.Contains(clock, name) {
				t.Errorf("%s: openbadges has no clock, so it does not call time.%s; take the time as a parameter", f.at(n), name)
			}
		})
	}
}

// eachUse reports every pkg.Name in f where pkg is an import.
func eachUse(f sourceFile, use func(n ast.Node, pkg, name string)) {
	imports := f.imports()
	ast.Inspect(f.ast, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && imports[x.Name] != "" {
			use(n, imports[x.Name], s.Sel.Name)
		}
		return true
	})
}

func TestHouseHasOneWayOut(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || slices.Contains(testRooms, f.room) || slices.Contains(mayDial, f.room) {
			continue
		}
		eachUse(f, func(n ast.Node, pkg, name string) {
			if slices.Contains(outbound[pkg], name) {
				t.Errorf("%s: connections go out from %v only, so not by %s.%s here", f.at(n), mayDial, pkg, name)
			}
		})
	}
}

func TestHouseSQLStandsInTheLedger(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.room == "issuer/ledger" || slices.Contains(testRooms, f.room) {
			continue
		}
		for _, i := range f.ast.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			for _, d := range databases {
				if p == d || strings.HasPrefix(p, d+"/") {
					t.Errorf("%s: only issuer/ledger knows a database, so not %s", f.at(i), p)
				}
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, _ := strconv.Unquote(l.Value); sqlText.MatchString(text) {
					t.Errorf("%s: SQL outside issuer/ledger: %.60q", f.at(n), text)
				}
			}
			return true
		})
	}
}

func TestHouseHasNoInit(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: no init; make it where it is used", f.at(fn))
			}
		}
	}
}

func TestHouseEveryPackageIsIntroduced(t *testing.T) {
	t.Parallel()
	docs := map[string]string{}
	for _, f := range source(t) {
		if f.test {
			continue
		}
		docs[f.room] += f.ast.Doc.Text()
	}
	for room, doc := range docs {
		want := "Package " + path.Base(room) + " "
		if strings.HasPrefix(room, "cmd/") {
			want = "Command " + path.Base(room) + " "
		}
		if !strings.Contains(strings.ToLower(doc), strings.ToLower(want)) {
			t.Errorf("%s: no comment that begins %q", room, want)
		}
	}
}

func TestHouseEveryRoomShowsItsUse(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, f := range source(t) {
		if !slices.ContainsFunc([]string{"openbadges", "verifier", "issuer"}, func(r string) bool { return f.room == r || strings.HasPrefix(f.room, r+"/") }) {
			continue
		}
		shown[f.room] = shown[f.room] || f.test && slices.ContainsFunc(f.ast.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Example")
		})
	}
	for room, has := range shown {
		if !has && room != "openbadges/interop" && !slices.Contains(testRooms, room) {
			t.Errorf("%s: no runnable Example", room)
		}
	}
}

func TestHouseEveryExportedNameIsExplained(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || ast.IsGenerated(f.ast) {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, name := range unexplained(d) {
				t.Errorf("%s: %s has no comment", f.at(d), name)
			}
		}
	}
}

// selfEvident are methods whose interface says all that there is to say.
var selfEvident = []string{"Error", "Unwrap", "String", "ServeHTTP", "Read", "Write"}

// unexplained lists the exported names that d declares without a comment. A
// group may be explained as a whole, or line by line.
func unexplained(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		method := d.Recv != nil
		if d.Name.IsExported() && d.Doc == nil && (!method || exportedReceiver(d.Recv) && !slices.Contains(selfEvident, d.Name.Name)) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
		return names
	}
	return nil
}

func exportedReceiver(r *ast.FieldList) bool {
	var exported bool
	ast.Inspect(r.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = exported || id.IsExported()
			return false
		}
		return true
	})
	return exported
}

// The words are put together here so that this file does not hold them.
var (
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	machine    = regexp.MustCompile(`(^|[^a-zA-Z0-9_./-])/(wo` + `rk|ro` + `ot|ho` + `me|Us` + `ers)/|proxy\.go` + `lang\.org|sum\.go` + `lang\.org|registry\.npm` + `js\.org|deb\.deb` + `ian\.org`)
)

func TestHouseIsFinishedAndAtHomeAnywhere(t *testing.T) {
	t.Parallel()
	walk(t, func(name string, body []byte) {
		if len(body) > maxBytes {
			t.Errorf("%s: %d bytes; no file is larger than %d", name, len(body), maxBytes)
		}
		if bytes.IndexByte(body, 0) >= 0 || path.Base(name) == "go.sum" || name == "LICENSE" {
			return
		}
		lines := strings.Split(string(body), "\n")
		if slices.Contains([]string{".go", ".html", ".css", ".js", ".mjs", ".sql", ".sh"}, path.Ext(name)) && len(lines) > maxLines {
			t.Errorf("%s: %d lines; split what is about more than one thing at %d", name, len(lines), maxLines)
		}
		for i, line := range lines {
			if word := unfinished.FindString(line); word != "" {
				t.Errorf("%s:%d: %s; finish it, or say why not in words", name, i+1, word)
			}
			if place := machine.FindString(line); place != "" {
				t.Errorf("%s:%d: %q is a place on one machine or a registry's host", name, i+1, place)
			}
		}
	})
}
