package dynamicsql

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
)

var stepText = &diag.Code{
	ID: "DS0240", Title: "A statement whose text is put together step by step", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `A variable takes the text in several assignments, each of literals and values: a WHERE that grows in IFs, say. Placeholders get their numbers when the text is executed. It is executed as it comes, so that names, functions and
operators in it have the target's meaning, and numbers and dates the form that they have as texts. Texts whose beginning is not known, or of which a part with the placeholders is not, are refused (DS0221).`,
	Next: "Check that the pieces mean the same on the target, and hand values over with USING.", Each: 0.5,
}

// stepped tells that an expression is a variable that is given a statement step by step, or such a variable with more text behind it, and the
// statement's first word. Texts have placeholders where values are given, and none where there are none.
func (r *run) stepped(text ir.Expr, using int) (string, bool) {
	text = bare(text)
	var behind []ir.Expr
	if c, is := text.(*ir.Concat); is && len(c.Args) > 1 {
		text, behind = bare(c.Args[0]), c.Args[1:]
	}
	n, ok := text.(*ir.Name)
	if !ok {
		return "", false
	}
	v, ok := control.Target(n).(*ir.VarDecl)
	if !ok {
		return "", false
	}
	marks := false
	for _, a := range behind {
		marks = marks || marked(a)
	}
	_, writes := control.Uses(r.root, v)
	values := map[*ir.Name]ir.Expr{}
	ir.Walk(r.root, func(x ir.Node) bool {
		if it, ok := x.(*ir.SetItem); ok {
			if to, ok := it.Target.(*ir.Name); ok {
				values[to] = it.Value
			}
		}
		return true
	})
	var list []ir.Expr
	if v.Default != nil {
		list = append(list, v.Default)
	}
	for _, w := range writes {
		if values[w] == nil {
			return "", false // by a call or a query
		}
		list = append(list, values[w])
	}
	word := ""
	for _, e := range list {
		begins, places, fine := pieces(e, v)
		marks = marks || places
		if !fine || begins != "" && word != "" && begins != word {
			return "", false
		}
		if begins != "" {
			word = begins
		}
	}
	return word, word != "" && marks == (using > 0)
}

// marked tells a literal with placeholders.
func marked(e ir.Expr) bool {
	s, ok := bare(e).(*ir.String)
	found := false
	if ok {
		Placeholders(s.Value, func(string) string { found = true; return "" })
	}
	return found
}

// numbered lets the placeholders of a text get their numbers when it is executed.
func (r *run) numbered(text ir.Expr, using int) ir.Expr {
	if using == 0 {
		return text
	}
	return r.Helper("numbered_placeholders", text, text)
}

// pieces tells the first word of a text that a variable takes, "" where the text goes on with what the variable holds, and whether a literal has
// placeholders; false where the beginning is not known.
func pieces(e ir.Expr, v *ir.VarDecl) (word string, marks, ok bool) {
	args := []ir.Expr{e}
	if c, is := bare(e).(*ir.Concat); is {
		args = c.Args
	}
	for i, a := range args {
		switch x := bare(a).(type) {
		case *ir.String:
			marks = marks || marked(x)
			if i == 0 {
				word = FirstWord(x.Value)
			}
		case *ir.Name:
			if i == 0 && control.Target(x) != ir.Node(v) {
				return "", marks, false
			}
		default:
			if i == 0 {
				return "", marks, false
			}
		}
	}
	if _, own := bare(args[0]).(*ir.Name); own {
		return "", marks, true
	}
	return word, marks, word != ""
}
