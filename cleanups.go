package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
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

// cleanups leaves out the blocks that clean up in front of definitions, before these take their last form.
func (p *pipeline) cleanups(us []*Unit) {
	if p.opt.From != dialect.Oracle {
		return
	}
	var made *madeObjects
	for i, u := range us {
		b := anonymous(u)
		if b == nil {
			continue
		}
		drops := droppedIn(b)
		if len(drops) == 0 {
			continue
		}
		if made == nil {
			made = makersOf(us)
		}
		before, behind := made.around(u, i, drops)
		switch {
		case behind == nil:
		case !before && onlyDrops(b):
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

// around tells whether units in front of a block make what it drops, and one behind it that does.
func (m *madeObjects) around(u *Unit, at int, drops []droppedName) (before bool, behind *Unit) {
	for _, d := range drops {
		makers := m.by[d.kind+"\x00"+relationKey(u, d.name)]
		if len(d.name.Parts) == 0 {
			s, ok := m.spans[d.kind]
			if !ok {
				continue
			}
			makers = s[:]
		}
		for _, i := range makers {
			if i < at {
				before = true
			} else if behind == nil {
				behind = m.us[i]
			}
		}
	}
	return before, behind
}

// harmless are functions that may stand in a block that is left out.
var harmless = map[string]bool{
	"COUNT": true, "NVL": true, "UPPER": true, "LOWER": true, "SUBSTR": true, "INSTR": true, "TRIM": true, "TO_CHAR": true, "SQLERRM": true, "SQLCODE": true,
	"MAX": true, "MIN": true, "REPLACE": true, "CHR": true,
}

// onlyDrops tells that a block drops, looks into queries, prints, and does nothing else.
func onlyDrops(b *ir.Block) bool {
	return !ir.Find(b, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block, *ir.If, *ir.Loop, *ir.RaiseNamed, *ir.SelectInto, *ir.QueryStmt, *ir.LabelStmt, *ir.SetVar, *ir.Leave, *ir.Iterate, *ir.Nothing:
			return false
		case *ir.Execute:
			return dropOf(n) == nil
		case *ir.Invocation:
			v, ok := n.X.(*ir.Invoke)
			return !ok || !prints(v)
		case *ir.Invoke:
			x, ok := n.X.(*ir.Name)
			return !prints(n) && !(ok && len(x.Parts) == 1 && harmless[strings.ToUpper(x.Parts[0].Text)])
		case ir.Stmt:
			return true
		}
		return false
	})
}
