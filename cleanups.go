package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite/control"
)

// Scripts often begin with blocks that drop what an earlier run has left (EXECUTE IMMEDIATE 'DROP TABLE ...' with a handler for what is not
// there). A folder makes its objects before such a block could run, and would lose them.

// cleansUp is told of a block that only drops what the input makes behind it.
var cleansUp = &diag.Code{
	ID: "NM0781", Title: "Block that drops what the input makes behind it", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The block does nothing but drop objects, and statements behind it make these. It cleans up behind an earlier run of the script; where the converted folder is loaded nothing is there yet, and run behind the definitions of the folder it would drop them. It is left out.",
	Next: "Nothing, if the folder is loaded into an empty database.",
}

// dropsWhatFollows is told of a block that drops what the input makes behind it, and does more.
var dropsWhatFollows = &diag.Code{
	ID: "NM0782", Title: "Block that drops what the input makes behind it, and does more", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "A folder has the definitions of all objects in front of what blocks do, so that the block would drop objects that its script makes later.",
	Next: "Take the DROP out of the block, or run the rest of the block by hand.", Each: 0.2,
}

// dropsOthers is told of a block that drops what other files make, and does more.
var dropsOthers = &diag.Code{
	ID: "NM0843", Title: "Block that drops what other files make, and does more", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "A block of a script drops objects that other files of the input make, as scripts do it that take a code base away again: run behind the definitions of the folder it would drop them. A block that does nothing else is left out (NM0372).",
	Next: "Take the script out of the input, or run the rest of the block by hand.", Each: 0.2,
}

// cleanups leaves out the blocks that clean up in front of definitions, before these take their last form.
func (p *pipeline) cleanups(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	var made *madeObjects
	c := &clearing{us: us}
	for i, u := range us {
		b := anonymous(u)
		if b == nil {
			continue
		}
		drops := append(droppedIn(b), c.dropped(b)...)
		if len(drops) == 0 {
			continue
		}
		if made == nil {
			made = makersOf(us)
		}
		before, behind := made.around(u, i, drops)
		other := made.elsewhere(u, i, drops)
		switch {
		case behind == nil && other == nil:
		case behind == nil && c.onlyDrops(b):
			u.Report(droppedAfter.New(u.Source, "%s is defined at %s", objectWords(other.Stmts[0]), other.Source))
			u.Stmts, u.Kind = nil, ""
		case behind == nil:
			u.Report(dropsOthers.New(u.Source, "%s is made at %s", objectWords(other.Stmts[0]), other.Source))
			p.refuse(u, dropsOthers.ID, "block that drops what other files make")
		case !before && c.onlyDrops(b):
			u.Report(cleansUp.New(u.Source, "%s is made at %s", objectWords(behind.Stmts[0]), behind.Source))
			u.Stmts, u.Kind = nil, ""
		default:
			u.Report(dropsWhatFollows.New(u.Source, "%s is made at %s", objectWords(behind.Stmts[0]), behind.Source))
			p.refuse(u, dropsWhatFollows.ID, "block that drops what is made behind it")
		}
	}
}

func anonymous(u *Unit) *ir.Block {
	if len(u.Stmts) != 1 {
		return nil
	}
	if s, ok := u.Stmts[0].(*ir.Invocation); ok { // EXECUTE of SQL*Plus
		return &ir.Block{Body: []ir.Stmt{s}}
	}
	b, _ := u.Stmts[0].(*ir.Block)
	return b
}

// droppedName is what a block drops; a name of "" is known at run time only.
type droppedName struct {
	kind string
	name ir.QName
}

// droppedIn are the objects that the texts of a block drop.
func droppedIn(b *ir.Block) []droppedName {
	var out []droppedName
	ir.Walk(b, func(n ir.Node) bool {
		x, _ := n.(*ir.Execute)
		if d := dropOf(x); d != nil {
			for _, q := range d.Names {
				if len(x.Defines.Parts) > 0 && slices.ContainsFunc(x.Defines.Marks, func(m string) bool { return strings.EqualFold(m, q.Name()) || strings.EqualFold(m, q.Schema()) }) {
					q = ir.QName{}
				}
				out = append(out, droppedName{dropSpace(d.Kind), q})
			}
		}
		return true
	})
	return out
}

// dropOf is the DROP that an EXECUTE IMMEDIATE runs, nil if it runs something else.
func dropOf(x *ir.Execute) *ir.Drop {
	if x == nil || x.Defines == nil || x.Defines.Unit == nil || len(x.Defines.Unit.Stmts) != 1 {
		return nil
	}
	d, _ := x.Defines.Unit.Stmts[0].(*ir.Drop)
	return d
}

// dropSpace is where objects of a kind have their names.
func dropSpace(kind string) string {
	switch kind {
	case "table", "view", "materialized view", "sequence", "synonym", "package", "procedure", "function", "routine", "type":
		return "object"
	}
	return kind
}

// madeObjects are the numbers of the units that make each object.
type madeObjects struct {
	us    []*Unit
	by    map[string][]int
	spans map[string][2]int // the first and the last that makes one in a name space
}

func makersOf(us []*Unit) *madeObjects {
	m := &madeObjects{us, map[string][]int{}, map[string][2]int{}}
	for i, u := range us {
		if len(u.Stmts) != 1 {
			continue
		}
		kind, name, ok := strings.Cut(defines(u.Stmts[0]).key, "\x00")
		if !ok {
			continue
		}
		space := dropSpace(kind)
		if space == "object" || kind == "index" || kind == "trigger" {
			var q ir.QName
			for _, part := range strings.Split(name, ".") {
				q.Parts = append(q.Parts, ir.Ident{Text: part})
			}
			key := space + "\x00" + relationKey(u, q)
			m.by[key] = append(m.by[key], i)
			if s, ok := m.spans[space]; ok {
				m.spans[space] = [2]int{s[0], i}
			} else {
				m.spans[space] = [2]int{i, i}
			}
		}
	}
	return m
}

// makers are the units that make what is dropped: of any object of a kind the first and the last.
func (m *madeObjects) makers(u *Unit, d droppedName) []int {
	if len(d.name.Parts) > 0 {
		return m.by[d.kind+"\x00"+relationKey(u, d.name)]
	}
	s, ok := m.spans[d.kind]
	if !ok {
		return nil
	}
	return s[:]
}

// around tells whether units in front of a block make what it drops, and one behind it that does.
func (m *madeObjects) around(u *Unit, at int, drops []droppedName) (before bool, behind *Unit) {
	for _, d := range drops {
		for _, i := range m.makers(u, d) {
			if i < at {
				before = true
			} else if behind == nil {
				behind = m.us[i]
			}
		}
	}
	return before, behind
}

// elsewhere is a unit of another file in front of a block that makes what it drops, nil if there is none.
func (m *madeObjects) elsewhere(u *Unit, at int, drops []droppedName) *Unit {
	for _, d := range drops {
		for _, i := range m.makers(u, d) {
			if i < at && m.us[i].Source.File != u.Source.File {
				return m.us[i]
			}
		}
	}
	return nil
}

// clearing knows the routines of the input that drop what their callers name.
type clearing struct {
	us       []*Unit
	routines map[string]bool
}

// dropped are what a block drops by texts of which only the beginning is known: any object, or those that it names to a routine that drops.
func (c *clearing) dropped(b *ir.Block) []droppedName {
	var out []droppedName
	if runsDrop(b) {
		out = append(out, droppedName{kind: "object"})
	}
	ir.Walk(b, func(n ir.Node) bool {
		v := c.call(n)
		if v == nil {
			return true
		}
		for _, a := range v.Args {
			if s, ok := a.(*ir.String); ok && s.Value != "" {
				out = append(out, droppedName{"object", ir.QName{Parts: []ir.Ident{{Text: strings.ToUpper(s.Value)}}}})
			}
		}
		return true
	})
	return out
}

// call is the call of a routine that drops, nil if a statement is none.
func (c *clearing) call(n ir.Node) *ir.Invoke {
	s, ok := n.(*ir.Invocation)
	if !ok {
		return nil
	}
	v, ok := s.X.(*ir.Invoke)
	if !ok || len(v.Args) == 0 {
		return nil
	}
	name, ok := v.X.(*ir.Name)
	if !ok || len(name.Parts) != 1 {
		return nil
	}
	if c.routines == nil {
		c.routines = map[string]bool{}
		for _, u := range c.us {
			if len(u.Stmts) == 1 {
				if r, ok := u.Stmts[0].(*ir.Routine); ok && runsDrop(r) {
					c.routines[strings.ToUpper(r.Name.Name())] = true
				}
			}
		}
	}
	if !c.routines[strings.ToUpper(name.Parts[0].Text)] {
		return nil
	}
	return v
}

// runsDrop tells that a program executes a text that begins with DROP and of which the rest is not known.
func runsDrop(n ir.Node) bool {
	var texts map[string]bool
	return ir.Find(n, func(m ir.Node) bool {
		x, ok := m.(*ir.Execute)
		if !ok || x.Text == nil || dropOf(x) != nil {
			return false
		}
		if texts == nil {
			texts, _ = dropTexts(n)
		}
		return dropsSome(x, texts)
	})
}

// dropsSome tells that a statement executes a text that begins with DROP, or a variable that takes one.
func dropsSome(x *ir.Execute, texts map[string]bool) bool {
	return beginsWithDrop(x.Text) || texts[variableOf(x.Text)]
}

// variableOf is the name of the variable that an expression is, "" if it is none.
func variableOf(e ir.Expr) string {
	if v, ok := e.(*ir.Name); ok && len(v.Parts) == 1 {
		return strings.ToUpper(v.Parts[0].Text)
	}
	return ""
}

// dropTexts are the variables that a program gives a text that begins with DROP, and those of them that it gives no other.
func dropTexts(n ir.Node) (some, only map[string]bool) {
	some, only = map[string]bool{}, map[string]bool{}
	other := map[string]bool{}
	given := func(name string, value ir.Expr) {
		switch {
		case name == "" || value == nil:
		case beginsWithDrop(value):
			some[name] = true
		case leftmost(value) == nil || variableOf(leftmost(value)) != name:
			other[name] = true
		}
	}
	ir.Walk(n, func(m ir.Node) bool {
		switch s := m.(type) {
		case *ir.SetVar:
			for _, i := range s.Items {
				given(variableOf(i.Target), i.Value)
			}
		case *ir.VarDecl:
			given(strings.ToUpper(s.Name.Text), s.Default)
		case *ir.SelectInto:
			for _, e := range control.Into(s.Query) {
				other[variableOf(e)] = true
			}
		}
		return true
	})
	for v := range some {
		if !other[v] {
			only[v] = true
		}
	}
	return some, only
}

func beginsWithDrop(e ir.Expr) bool {
	s, ok := leftmost(e).(*ir.String)
	if !ok {
		return false
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(s.Value), " ")
	return strings.EqualFold(word, "DROP") && !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(rest)), "USER") // users are not made here
}

// leftmost is what a text begins with.
func leftmost(e ir.Expr) ir.Expr {
	for {
		x, ok := e.(*ir.Concat)
		if !ok || len(x.Args) == 0 {
			return e
		}
		e = x.Args[0]
	}
}

// harmless are functions that may stand in a block that is left out.
var harmless = map[string]bool{
	"COUNT": true, "NVL": true, "UPPER": true, "LOWER": true, "SUBSTR": true, "INSTR": true, "TRIM": true, "TO_CHAR": true, "SQLERRM": true, "SQLCODE": true,
	"MAX": true, "MIN": true, "REPLACE": true, "CHR": true,
}

// onlyDrops tells that a block drops, looks into queries, prints, and does nothing else.
func (c *clearing) onlyDrops(b *ir.Block) bool {
	_, texts := dropTexts(b)
	return !ir.Find(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block, *ir.If, *ir.Loop, *ir.RaiseNamed, *ir.SelectInto, *ir.QueryStmt, *ir.LabelStmt, *ir.SetVar, *ir.Leave, *ir.Iterate, *ir.Nothing:
			return false
		case *ir.Execute:
			return dropOf(n) == nil && !dropsSome(n, texts)
		case *ir.Invocation:
			v, ok := n.X.(*ir.Invoke)
			return c.call(n) == nil && (!ok || !prints(v))
		case *ir.Invoke:
			x := variableOf(n.X)
			return !prints(n) && !harmless[x] && !c.routines[x]
		case ir.Stmt:
			return true
		}
		return false
	})
}
