package builtins

import (
	"strings"
	"unicode"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// mostBytes is what a text has at most in SQL, as MAX_STRING_SIZE = STANDARD has it.
const mostBytes = 4000

// lengths reports what joins texts in SQL to more than they may have there, as far as the operands are declared.
func (l *lowering) lengths(s ir.Node) {
	ir.Walk(s, func(n ir.Node) bool {
		switch n.(type) {
		case ir.Query, *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
			l.joins(n)
			return false
		}
		return true
	})
}

func (l *lowering) joins(s ir.Node) {
	inner := map[ir.Expr]bool{} // a chain is looked at once
	ir.Walk(s, func(n ir.Node) bool {
		switch e := n.(type) {
		case *ir.Concat:
			for _, a := range e.Args {
				inner[ir.Bare(a)] = true
			}
			if !inner[e] && !isLOB(e) && mostOf(e) > mostBytes {
				l.note(tooLong, e.Span, "%s", e.Span.Text())
			}
		case *ir.Call:
			if e.Op == op.OraReplace && len(e.Args) > 0 && !isLOB(e) && !isLOB(e.Args[0]) && mostOf(e) > mostBytes {
				l.note(tooLong, e.Span, "%s", e.Span.Text())
			}
		}
		return true
	})
}

// mostOf is how long a text can be as it is declared; what has no declared length counts nothing.
func mostOf(e ir.Expr) int {
	switch e := ir.Bare(e).(type) {
	case *ir.String:
		return len(e.Value)
	case *ir.Concat:
		n := 0
		for _, a := range e.Args {
			n += mostOf(a)
		}
		return n
	case *ir.Call:
		if len(e.Args) == 0 {
			break
		}
		switch e.Op {
		case op.OraUpper, op.OraLower:
			return mostOf(e.Args[0])
		case op.OraReplace:
			from, ok := literalOf(e.Args, 1)
			with, ok2 := literalOf(e.Args, 2)
			n := mostOf(e.Args[0])
			if !ok || !ok2 || len(from) == 0 || len(with) <= len(from) {
				return n
			}
			return n / len(from) * len(with)
		}
	}
	if t, ok := e.TypeOf().(types.Text); ok {
		return t.N
	}
	return 0
}

func literalOf(args []ir.Expr, i int) (string, bool) {
	if i >= len(args) {
		return "", true
	}
	s, ok := args[i].(*ir.String)
	if !ok {
		return "", false
	}
	return s.Value, true
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// capitals maps each letter for itself.
func capitals(s string) string { return strings.Map(unicode.ToUpper, s) }
