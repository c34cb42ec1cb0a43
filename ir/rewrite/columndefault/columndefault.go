// Package columndefault holds the rule for DEFAULT(column).
package columndefault

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/types"
)

var unknown = &diag.Code{
	ID: "QY0135", Title: "DEFAULT(column) of a default that is no literal", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "DEFAULT(column) gives a column's default as a value, and an error where there is none. PostgreSQL has DEFAULT alone, as a whole value. Literals are written out; expressions, CURRENT_TIMESTAMP and counted columns are not.",
	Next:  "Write the default's value.",
	Learn: 0.1, Each: 0.2,
}

// Rule is QY0025.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0025", Name: "default-of-column",
		Doc: `DEFAULT(column) is the default of a column as a value (MySQL Reference Manual, "Miscellaneous Functions"). PostgreSQL does not have it;
the literal is written out.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "UPDATE t SET n = DEFAULT(n) + 1;", Target: "UPDATE t SET n = 7 + 1;"},
			{Setup: setup, Source: "UPDATE t SET n = DEFAULT;", Target: "UPDATE t SET n = DEFAULT;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknown},
		Looks:    ir.Kinds(ir.KindDefault),
		Run: func(p *rewrite.Pass) {
			p.Exprs(func(e ir.Expr) ir.Expr {
				if d, ok := e.(*ir.Default); ok && d.Column != nil {
					return lower(p, d)
				}
				return e
			})
		},
	}
}

const setup = "CREATE TABLE t (id INT PRIMARY KEY, n INT DEFAULT 7);"

var number = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

func lower(p *rewrite.Pass, d *ir.Default) ir.Expr {
	r, ok := d.Column.Ref.(*ir.ColumnRef)
	if !ok || r.Column == nil || r.Column.AutoIncrement || r.Column.Generated != catalog.NotGenerated {
		rewrite.Refuse(p, unknown, d.Span, "DEFAULT() of a computed column")
		return d
	}
	x := Literal(r.Column)
	if x == nil {
		rewrite.Refuse(p, unknown, d.Span, "DEFAULT(%s)", r.Column.Name)
		return d
	}
	x.Base().Span = d.Span
	x.Base().Made(p.Rule.Code)
	return x
}

// Literal is the default as a value, nil if it is no literal of the column's kind.
func Literal(c *catalog.Column) ir.Expr {
	if !c.HasDefault {
		if !c.Nullable {
			return nil
		}
		n := &ir.Null{}
		n.Type = c.Type
		return n
	}
	text := strings.TrimSpace(c.Default)
	quoted := len(text) > 1 && text[0] == '\'' && text[len(text)-1] == '\'' && !strings.ContainsAny(text[1:len(text)-1], `'\`)
	switch c.Type.(type) {
	case types.Int, types.Decimal, types.Float:
		sign := strings.HasPrefix(text, "-")
		text = strings.TrimPrefix(strings.Trim(text, "'"), "-")
		if !number.MatchString(text) {
			return nil
		}
		n := &ir.Number{Text: text}
		if strings.Contains(text, ".") {
			n.Kind = ir.DecimalNumber
		}
		n.Type = c.Type
		if !sign {
			return n
		}
		u := &ir.Unary{Op: ir.Neg, X: n}
		u.Type = c.Type
		return u
	case types.Text:
		if quoted {
			s := &ir.String{Value: text[1 : len(text)-1]}
			s.Type = c.Type
			return s
		}
	}
	return nil
}
