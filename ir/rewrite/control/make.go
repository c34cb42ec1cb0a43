package control

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// special is a variable that the target declares by itself.
func special(name string, t types.Type) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: name}}, Ref: &ir.VarRef{Decl: &ir.VarDecl{Name: ir.Ident{Text: name}, Type: t, TargetName: name}}}
	n.Type = t
	return n
}

// Found is FOUND: whether the last SQL statement touched a row.
func Found() *ir.Name { return special("found", types.Bool{}) }

// State is SQLSTATE, in exception arms.
func State() *ir.Name { return special("sqlstate", types.Text{}) }

// Message is SQLERRM, in exception arms.
func Message() *ir.Name { return special("sqlerrm", types.Text{}) }

// Negate is NOT e.
func Negate(e ir.Expr) ir.Expr {
	u := &ir.Unary{Op: ir.Not, X: e}
	u.Type = types.Bool{}
	u.Span = e.Base().Span
	return u
}

// Var is the name of a declared variable.
func Var(d *ir.VarDecl) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{d.Name}, Ref: &ir.VarRef{Decl: d}}
	n.Type = d.Type
	return n
}

// Set assigns a value to a target.
func Set(target, value ir.Expr) *ir.SetVar {
	i := &ir.SetItem{Target: target, Value: value}
	i.Span = target.Base().Span
	s := &ir.SetVar{Items: []*ir.SetItem{i}}
	s.Span = i.Span
	return s
}

// When is IF cond THEN body END IF.
func When(cond ir.Expr, body ...ir.Stmt) *ir.If {
	b := &ir.Branch{Cond: cond, Body: body}
	b.Span = cond.Base().Span
	f := &ir.If{Branches: []*ir.Branch{b}}
	f.Span = b.Span
	return f
}

// Text is a string literal.
func Text(s string) *ir.String {
	e := &ir.String{Value: s}
	e.Type = types.Text{}
	return e
}

// Int is an integer literal.
func Int(s string) *ir.Number {
	e := &ir.Number{Text: s, Kind: ir.IntNumber}
	e.Type = types.Int{Bits: 32}
	return e
}

// Take moves the comments of an old statement to the first of its replacements and notes the rule.
func Take(code string, old ir.Stmt, list ...ir.Stmt) ir.Stmt {
	o := old.Base()
	for i, s := range list {
		m := s.Base()
		if !m.Span.IsValid() {
			m.Span = o.Span
		}
		m.Made(code)
		if s == old {
			continue
		}
		if i == 0 {
			m.Lead = append(append([]ir.Comment(nil), o.Lead...), m.Lead...)
			o.Lead = nil
		}
		if i == len(list)-1 {
			m.Trail = append(m.Trail, o.Trail...)
			o.Trail = nil
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	sp := &ir.Splice{Stmts: list}
	sp.Span = o.Span
	return sp
}

// Marks of statements that stand for "no row was found", see NoRowSignal.
const (
	FetchMark  = "fetch"
	SelectMark = "select"
)

// NoRowSignal is the place where the condition "no row" arises; the rule for handlers puts the handler there. Without a
// handler a FETCH raises an error there and a SELECT ... INTO goes on.
func NoRowSignal(mark string, from ir.Stmt) *ir.Signal {
	s := &ir.Signal{Condition: &ir.Condition{Kind: ir.NotFound, State: "02000", Name: mark}}
	s.Span = from.Base().Span
	return s
}

// NoRowMark is the mark of a NoRowSignal, "" for every other statement.
func NoRowMark(s ir.Stmt) string {
	if x, ok := s.(*ir.Signal); ok && x.Condition != nil && x.Condition.Kind == ir.NotFound {
		return x.Condition.Name
	}
	return ""
}

// rowsMark is the origin of a variable that keeps the number of rows of the last statement.
const rowsMark = "PL0524"

// MarkRows notes that a variable keeps the number of rows of the last SQL statement of its block, whatever statement that was.
func MarkRows(v *ir.VarDecl) { v.Made(rowsMark) }

// Rows is the variable of a block that MarkRows was called for, nil if there is none.
func Rows(b ir.Stmt) *ir.VarDecl {
	x, ok := b.(*ir.Block)
	if !ok {
		return nil
	}
	for _, d := range x.Decls {
		if v, ok := d.(*ir.VarDecl); ok && slices.Contains(v.Origin, rowsMark) {
			return v
		}
	}
	return nil
}

// doneMark is the origin of a FETCH whose "no row" is taken care of.
const doneMark = "PL0101"

// MarkDone notes that a FETCH is followed by what happens when it finds no row.
func MarkDone(f *ir.FetchCursor) { f.Made(doneMark) }

// Done tells that MarkDone was called.
func Done(f *ir.FetchCursor) bool {
	for _, o := range f.Origin {
		if o == doneMark {
			return true
		}
	}
	return false
}

// Avoid counts further names as used: folded ones.
func (n *Names) Avoid(names map[string]bool) { maps.Copy(n.used, names) }

// Unused is the name, or the name with a number, that no variable, parameter or cursor of the program has. Who needs several asks Names.
func Unused(root ir.Node, name string) string { return NamesOf(root).Unused(name) }

// Names are those of the variables, parameters and cursors of a program.
type Names struct {
	used map[string]bool // in lower case
	last map[string]int  // the number that the last one taken of a name has
}

// NamesOf collects the names of a program.
func NamesOf(root ir.Node) *Names {
	used := map[string]bool{}
	ir.Walk(root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.VarDecl:
			used[strings.ToLower(n.Name.Text)] = true
		case *ir.ParamDecl:
			used[strings.ToLower(n.Name.Text)] = true
		case *ir.CursorDecl:
			used[strings.ToLower(n.Name.Text)] = true
		}
		return true
	})
	return &Names{used, map[string]int{}}
}

// Unused is the name, or the name with a number, that is not among the names.
func (n *Names) Unused(name string) string {
	out, _ := n.next(name)
	return out
}

// Take is the unused name, which is used then.
func (n *Names) Take(name string) string {
	out, i := n.next(name)
	n.used[strings.ToLower(out)], n.last[name] = true, i
	return out
}

func (n *Names) next(name string) (string, int) {
	out, i := name, max(1, n.last[name])
	for n.used[strings.ToLower(out)] {
		i++
		out = fmt.Sprintf("%s_%d", name, i)
	}
	return out, i
}

// CaseNotFound raises what a CASE statement without a branch for its value raises.
func CaseNotFound(n *ir.CaseStmt) ir.Stmt {
	x := &ir.Raise{Level: "EXCEPTION", State: "20000", Message: Text("Case not found for CASE statement")}
	x.Span = n.Span
	return x
}
