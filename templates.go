package godwit

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
)

// piece is a part of a text that a script puts together: a constant, a value that is known at run time only, or a choice.
type piece struct {
	text string
	// hole is the value, nil for constants. quoted tells that it is QUOTE(hole): the value as a literal.
	// list tells that it is a list of numbers.
	hole         ir.Expr
	quoted, list bool
	// cond chooses between two texts, nil for the others.
	cond      ir.Expr
	then, els template
}

// template is a text that a script puts together.
type template []piece

// size is what a text needs, in bytes, counted no further than beyond maxText.
func (t template) size() int {
	const ofPiece = 16 // of values and choices
	n := 0
	for _, p := range t {
		if n += len(p.text); p.hole != nil || p.cond != nil {
			n += ofPiece
		}
		if p.cond != nil {
			n += p.then.size() + p.els.size()
		}
		if n > maxText {
			break
		}
	}
	return n
}

// with is a text and another one behind it; constants that meet become one.
func (t template) with(other template) template {
	for _, p := range other {
		if n := len(t); n > 0 && p.hole == nil && p.cond == nil && t[n-1].hole == nil && t[n-1].cond == nil {
			t[n-1].text += p.text
			continue
		}
		t = append(t, p)
	}
	return t
}

// constant is the text if nothing of it depends on the moment.
func (t template) constant() (string, bool) {
	var b strings.Builder
	for _, p := range t {
		if p.hole != nil || p.cond != nil {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), true
}

// reads tells that the text depends on a variable, by its key.
func (t template) reads(k string) bool {
	for _, p := range t {
		if p.hole != nil && readsVariable(p.hole, k) || p.cond != nil && (readsVariable(p.cond, k) || p.then.reads(k) || p.els.reads(k)) {
			return true
		}
	}
	return false
}

// readsVariable tells that an expression reads a variable; "@" stands for all user variables.
func readsVariable(e ir.Expr, k string) bool {
	return ir.Find(e, func(n ir.Node) bool {
		x, ok := n.(ir.Expr)
		if !ok {
			return false
		}
		own := key(x)
		if own == "" {
			own = rootKey(x) // a field of a record
		}
		return own != "" && (own == k || k == "@" && own[0] == '@')
	})
}

// text is what is known of the text of an expression.
func (d *dynamic) text(e ir.Expr) (template, bool) {
	switch x := e.(type) {
	case *ir.String:
		return template{{text: x.Value}}, true
	case *ir.Number:
		return template{{text: x.Text}}, x.Kind == ir.IntNumber
	case *ir.Null:
		return template{{}}, d.defining
	case *ir.UserVar, *ir.Name:
		k := key(x)
		if v, ok := d.values[k]; ok && k != "" {
			return v, true
		}
	case *ir.Concat:
		if x.Null != ir.NullPropagates && !d.defining {
			return nil, false
		}
		var out template
		for _, a := range x.Args {
			t, ok := d.text(a)
			if !ok {
				return nil, false
			}
			if out = out.with(t); out.size() > maxText {
				return nil, false
			}
		}
		return out, true
	case *ir.Call:
		if d.holes && x.Op == op.Quote && len(x.Args) == 1 && d.pure(x.Args[0]) {
			return template{{hole: x.Args[0], quoted: true}}, true
		}
	case *ir.Case:
		if t, ok := d.choice(x); ok {
			return t, true
		}
	}
	if d.holes && d.pure(e) || d.defining && d.holeOf(e) {
		return template{{hole: e}}, true
	}
	return nil, false
}

// choice is the text of IF(condition, a, b) and of CASE with one branch.
func (d *dynamic) choice(x *ir.Case) (template, bool) {
	if !d.holes || x.Operand != nil || len(x.Whens) != 1 || x.Else == nil || !d.pure(x.Whens[0].Cond) {
		return nil, false
	}
	then, ok := d.text(x.Whens[0].Then)
	els, ok2 := d.text(x.Else)
	return template{{cond: x.Whens[0].Cond, then: then, els: els}}, ok && ok2
}

// pure tells that an expression only reads variables and has one value as long as they do not change.
func (d *dynamic) pure(e ir.Expr) bool {
	if e == nil {
		return false
	}
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			return len(n.Parts) != 1 || !d.known(n)
		case *ir.Call:
			return !strings.HasPrefix(string(n.Op), "text.") && !strings.HasPrefix(string(n.Op), "flow.") && n.Op != op.Coalesce
		case *ir.UserVar, *ir.Number, *ir.String, *ir.Null, *ir.Concat, *ir.Compare, *ir.IsNull, *ir.Binary, *ir.Unary, *ir.Case, *ir.When,
			*ir.In, *ir.Between, *ir.Like, *ir.IsTruth:
			if in, ok := n.(*ir.In); ok {
				return in.Query != nil
			}
			return false
		}
		return true
	})
}

// known tells that a name is a variable or parameter of the routine, declared once.
func (d *dynamic) known(n *ir.Name) bool {
	return d.locals[strings.ToLower(n.Parts[0].Text)] == 1
}

// conditions are the conditions of all choices, each once.
func (t template) conditions() []ir.Expr {
	var out []ir.Expr
	seen := map[ir.Expr]bool{}
	var walk func(t template)
	walk = func(t template) {
		for _, p := range t {
			if p.cond == nil {
				continue
			}
			if !seen[p.cond] {
				seen[p.cond] = true
				out = append(out, p.cond)
			}
			walk(p.then)
			walk(p.els)
		}
	}
	walk(t)
	return out
}

// chosen is the text without choices, as the conditions stand.
func (t template) chosen(holds map[ir.Expr]bool) template {
	var out template
	for _, p := range t {
		switch {
		case p.cond == nil:
			out = append(out, p)
		case holds[p.cond]:
			out = append(out, p.then.chosen(holds)...)
		default:
			out = append(out, p.els.chosen(holds)...)
		}
	}
	return out
}
