package resolve

import (
	"regexp"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// quietWhole notes the conversion of a literal that is compared with a column of 64 bits and begins with a whole number, or with none: the source
// converts it to the column's type before it reads rows, and does not complain.
func (r *Resolver) quietWhole(x, other ir.Expr, whole map[*ir.Cast]bool) {
	if r.sem.AssignmentsAreStrict {
		return
	}
	t, ok := intColumn(x)
	c, cast := other.(*ir.Cast)
	if !ok || !cast || !c.Implicit || t.Bits != 64 {
		return
	}
	s, literal := c.X.(*ir.String)
	if literal && !numberText.MatchString(s.Value) && !partText.MatchString(s.Value) {
		whole[c] = true
	}
}

var (
	numberText = regexp.MustCompile(`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`)
	partText   = regexp.MustCompile(`^\s*[-+]?\d*[.eE]`) // a number that may not be whole
)

// intColumn is the integer type of a column, below the conversion of a comparison.
func intColumn(e ir.Expr) (types.Int, bool) {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		e = c.X
	}
	n, ok := e.(*ir.Name)
	if !ok {
		return types.Int{}, false
	}
	if _, column := n.Ref.(*ir.ColumnRef); !column {
		return types.Int{}, false
	}
	t, ok := n.Type.(types.Int)
	return t, ok
}

var reachedText = &diag.Code{
	ID: "EX0880", Title: "texts that are no numbers in conditions of a change", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `In a strict session a change of rows fails where it computes with a text that is no number (MySQL Reference Manual, "Server SQL Modes"). Where there are several conditions or tables, or a key
that is looked up, each server looks at other rows first. Assumed: it does not depend on the order whether such a text is looked at.`,
	Next: "Nothing, if the texts are numbers.",
	Each: 0.02,
}

// reached notes conversions of texts that fail in the conditions of a change, if the servers may look at other rows.
func (r *Resolver) reached(s ir.Stmt) {
	var where []ir.Expr
	several := false
	tables := func(list []ir.TableExpr) {
		several = several || len(list) > 1
		for _, t := range list {
			ir.Walk(t, func(n ir.Node) bool {
				if j, ok := n.(*ir.Join); ok {
					several = true
					where = append(where, j.On)
				}
				return true
			})
		}
	}
	switch s := s.(type) {
	case *ir.Update:
		where = append(where, s.Where)
		tables(s.Tables)
	case *ir.Delete:
		where = append(where, s.Where)
		tables(s.From)
	case *ir.Insert:
		if q, ok := s.Source.(*ir.Select); ok {
			where = append(where, q.Where)
			tables(q.From)
		}
	}
	for _, e := range where {
		if e == nil {
			continue
		}
		if c := failing(e, several); c != nil {
			r.note(reachedText, c.Span, "%s is assumed to be a number, or to be looked at by both servers", c.X.Base().Span.Text())
			return
		}
	}
}

// failing is a conversion of a text to a number that may fail in a condition, if there are several conditions or a key may be looked up.
func failing(e ir.Expr, several bool) (out *ir.Cast) {
	ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Binary:
			several = several || n.Op == ir.And || n.Op == ir.Or || n.Op == ir.Xor
		case *ir.Compare:
			if _, column := intColumn(n.L); column {
				several = true
			} else if _, column := intColumn(n.R); column {
				several = true
			}
		case *ir.Cast:
			if several && n.Implicit && n.Fail == ir.FailError && kindOf(n.X.TypeOf()) == textKind && kindOf(n.To) == numberKind {
				if s, ok := n.X.(*ir.String); !ok || !numberText.MatchString(s.Value) {
					out = n
					return true
				}
			}
		}
		return false
	})
	return out
}
