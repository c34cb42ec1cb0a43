package godwit

import (
	"strings"

	"godwit/ir"
)

// turnMade are the routines, views and triggers of a script, as far as its own statements run them: one that is made again with another text means
// something else to the statements in front of it.
type turnMade struct {
	now map[string]*turnDef // by kind and bare name; a table stands for its triggers
}

// turnDef is a definition as it stands at a place of the script.
type turnDef struct {
	text string
	uses []string
	ran  bool
}

// again notes a unit, and says what it makes again that statements in front of it have run with another text, "" if nothing.
func (t *turnMade) again(u *Unit) string {
	switch s := u.Stmts[0].(type) {
	case *ir.Routine:
		if t.define("r\x00"+s.Name.Name(), s, usesOf(u)) {
			return "a routine that is made again behind a statement that calls it"
		}
	case *ir.CreateView:
		if t.define("v\x00"+s.Name.Name(), s, usesOf(u)) {
			return "a view that is made again behind a statement that reads it"
		}
	case *ir.CreateTrigger:
		key := strings.ToLower("v\x00" + s.Table.Name.Name())
		d := t.now[key]
		if d == nil {
			d = &turnDef{}
			t.put(key, d)
		}
		d.uses, d.ran = append(d.uses, usesOf(u)...), false
	case *ir.CreateEvent, *ir.Drop, *ir.CreateIndex, *ir.AlterTable, *ir.Grant, *ir.CommentOn:
	default:
		if len(t.now) > 0 {
			for _, key := range usesOf(u) {
				t.run(key)
			}
		}
	}
	return ""
}

func (t *turnMade) define(key string, s ir.Stmt, uses []string) (again bool) {
	key = strings.ToLower(key)
	text := s.Base().Span.Text()
	old := t.now[key]
	t.put(key, &turnDef{text: text, uses: uses})
	return old != nil && old.ran && old.text != text
}

func (t *turnMade) put(key string, d *turnDef) {
	if t.now == nil {
		t.now = map[string]*turnDef{}
	}
	t.now[key] = d
}

// run notes that a definition is used, and with it those that it uses as they are at this place.
func (t *turnMade) run(key string) {
	d := t.now[key]
	if d == nil || d.ran {
		return
	}
	d.ran = true
	for _, key := range d.uses {
		t.run(key)
	}
}

// runAll notes that every view and table may be used.
func (t *turnMade) runAll() {
	for key := range t.now {
		if strings.HasPrefix(key, "v\x00") {
			t.run(key)
		}
	}
}

// usesOf are the keys of the routines, views and tables that a unit names.
func usesOf(u *Unit) []string {
	var out []string
	ir.Walk(u.Stmts[0], func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			out = append(out, "r\x00"+strings.ToLower(n.Name.Name()))
		case *ir.RoutineCall:
			out = append(out, "r\x00"+strings.ToLower(n.Name.Name()))
		case *ir.TableRef:
			out = append(out, "v\x00"+strings.ToLower(n.Name.Name()))
		}
		return true
	})
	return out
}
