package dynamicsql

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
)

var stepText = &diag.Code{
	ID: "DS0240", Title: "A statement whose text is put together step by step", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `A variable takes the text in several assignments, each of literals and values: a WHERE that grows in IFs, say. The text has no placeholders. It is executed as it comes, so that names, functions and
operators in it have the target's meaning, and numbers and dates the form that they have as texts. Texts with placeholders, or whose beginning is not known, are refused (DS0221).`,
	Next: "Check that the pieces mean the same on the target, and hand values over with USING.", Each: 0.5,
}

// stepped tells that an expression is a variable that is given a statement step by step, and the statement's first word.
func (r *run) stepped(text ir.Expr, using int) (string, bool) {
	n, ok := bare(text).(*ir.Name)
	if !ok || using > 0 {
		return "", false
	}
	v, ok := control.Target(n).(*ir.VarDecl)
	if !ok {
		return "", false
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
		begins, fine := pieces(e, v)
		if !fine || begins != "" && word != "" && begins != word {
			return "", false
		}
		if begins != "" {
			word = begins
		}
	}
	return word, word != ""
}

// pieces tells the first word of a text that a variable takes, "" where the text goes on with what the variable holds; false where the
// beginning is not known or a literal has placeholders.
func pieces(e ir.Expr, v *ir.VarDecl) (word string, ok bool) {
	args := []ir.Expr{e}
	if c, is := bare(e).(*ir.Concat); is {
		args = c.Args
	}
	for i, a := range args {
		switch x := bare(a).(type) {
		case *ir.String:
			marked := false
			Placeholders(x.Value, func(string) string { marked = true; return "" })
			if marked {
				return "", false
			}
			if i == 0 {
				word = FirstWord(x.Value)
			}
		case *ir.Name:
			if i == 0 && control.Target(x) != ir.Node(v) {
				return "", false
			}
		default:
			if i == 0 {
				return "", false
			}
		}
	}
	if _, own := bare(args[0]).(*ir.Name); own {
		return "", true
	}
	return word, word != ""
}
