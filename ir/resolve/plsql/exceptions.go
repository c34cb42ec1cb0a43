package plsql

import (
	"fmt"
	"strconv"
	"strings"

	"godwit/ir"
)

// predefined is an exception that the server declares: its number, and the conditions of the target that stand for it, the first of which is
// raised for it.
type predefined struct {
	code   int
	states []string
}

// predefinedExceptions are the exceptions of STANDARD (PL/SQL Language Reference, "Predefined Exceptions") and those of supplied packages that have a number.
var predefinedExceptions = map[string]predefined{
	"ACCESS_INTO_NULL":        {-6530, nil},
	"CASE_NOT_FOUND":          {-6592, []string{"case_not_found"}},
	"COLLECTION_IS_NULL":      {-6531, nil},
	"CURSOR_ALREADY_OPEN":     {-6511, []string{"duplicate_cursor"}},
	"DUP_VAL_ON_INDEX":        {-1, []string{"unique_violation"}},
	"INVALID_CURSOR":          {-1001, []string{"invalid_cursor_name", "invalid_cursor_state", "null_value_not_allowed"}},
	"INVALID_NUMBER":          {-1722, []string{"invalid_text_representation"}},
	"LOGIN_DENIED":            {-1017, []string{"invalid_password"}},
	"NO_DATA_FOUND":           {100, []string{"no_data_found"}},
	"NO_DATA_NEEDED":          {-6548, nil},
	"NOT_LOGGED_ON":           {-1012, nil},
	"PROGRAM_ERROR":           {-6501, []string{"internal_error"}},
	"ROWTYPE_MISMATCH":        {-6504, []string{"datatype_mismatch"}},
	"SELF_IS_NULL":            {-30625, nil},
	"STORAGE_ERROR":           {-6500, []string{"out_of_memory"}},
	"SUBSCRIPT_BEYOND_COUNT":  {-6533, nil},
	"SUBSCRIPT_OUTSIDE_LIMIT": {-6532, []string{"array_subscript_error"}},
	"SYS_INVALID_ROWID":       {-1410, nil},
	"TIMEOUT_ON_RESOURCE":     {-51, []string{"lock_not_available"}},
	"TOO_MANY_ROWS":           {-1422, []string{"too_many_rows"}},
	"VALUE_ERROR":             {-6502, []string{"string_data_right_truncation", "numeric_value_out_of_range", "invalid_character_value_for_cast", "null_value_not_allowed"}},
	"ZERO_DIVIDE":             {-1476, []string{"division_by_zero"}},
	"DBMS_LOB.INVALID_ARGVAL": {-21560, nil},
}

// statesOfNumbers are the conditions of the target for errors that have no predefined exception, by number.
var statesOfNumbers = map[int][]string{
	-54: {"lock_not_available"}, -30006: {"lock_not_available"}, -60: {"deadlock_detected"}, -8177: {"serialization_failure"},
	-1400: {"not_null_violation"}, -1407: {"not_null_violation"}, -2290: {"check_violation"}, -2291: {"foreign_key_violation"}, -2292: {"foreign_key_violation"},
	-1403: {"no_data_found"}, -942: {"undefined_table"}, -955: {"duplicate_table", "duplicate_object"}, -904: {"undefined_column"}, -1430: {"duplicate_column"},
	-2289: {"undefined_table"}, -4043: {"undefined_function", "undefined_object"}, -1418: {"undefined_object"}, -2443: {"undefined_object"}, -900: {"syntax_error"},
	-1438: {"numeric_value_out_of_range"}, -1426: {"numeric_value_out_of_range", "ZZ13M"}, -12899: {"string_data_right_truncation"}, -1401: {"string_data_right_truncation"},
	-1013: {"query_canceled"}, -1031: {"insufficient_privilege"}, -1427: {"cardinality_violation"}, -1428: {"invalid_parameter_value"}, -1489: {"program_limit_exceeded"},
	-31011: {"invalid_xml_document", "invalid_xml_content"},
	-1821:  {"invalid_datetime_format"}, -1830: {"invalid_datetime_format"}, -1840: {"invalid_datetime_format"}, -1841: {"invalid_datetime_format", "datetime_field_overflow"},
	-1843: {"invalid_datetime_format"}, -1846: {"invalid_datetime_format"}, -1858: {"invalid_datetime_format"}, -1859: {"invalid_datetime_format"}, -1861: {"invalid_datetime_format"},
	-1867: {"invalid_datetime_format"}, -1839: {"datetime_field_overflow"}, -1847: {"datetime_field_overflow"}, -1848: {"datetime_field_overflow"}, -1849: {"datetime_field_overflow"},
	-1850: {"datetime_field_overflow"}, -1851: {"datetime_field_overflow"}, -1852: {"datetime_field_overflow"},
}

// statesOf are the conditions and SQLSTATEs of the target for an error number of the source: its own where the target raises such an error,
// else a private one.
func statesOf(code int) []string {
	if code <= -20000 && code >= -20999 {
		return []string{fmt.Sprintf("ZX%03d", -code-20000)}
	}
	for _, p := range predefinedExceptions {
		if p.code == code && p.states != nil {
			return p.states
		}
	}
	if s := statesOfNumbers[code]; s != nil {
		return s
	}
	return []string{privateState("ZZ", -code)}
}

// raisedState is the condition that RAISE gives. Among those of VALUE_ERROR it is the one that columns never have: a handler
// of a block that changes rows takes no other.
func raisedState(code int) string {
	if code == predefinedExceptions["VALUE_ERROR"].code {
		return "invalid_character_value_for_cast"
	}
	if code == -1426 {
		return privateState("ZZ", code) // so do helper routines: VALUE_ERROR does not take it
	}
	return statesOf(code)[0]
}

// privateState is a state of a class that the target does not use, with a number in base 36 behind it.
func privateState(class string, n int) string {
	if n < 0 {
		n = -n
	}
	s := strings.ToUpper(strconv.FormatInt(int64(n), 36))
	for len(s) < 3 {
		s = "0" + s
	}
	if len(s) > 3 {
		return "Y" + s
	}
	return class + s
}

// newException gives a declared exception a state of its own; EXCEPTION_INIT may give it another one.
func (r *Resolver) newException(d *ir.ExceptionDecl) {
	if d.State == "" {
		r.states++ // from 1: a state that ends in 000 stands for its whole class in WHEN
		d.State = privateState("ZY", r.states)
	}
}

// pragmas applies PRAGMA EXCEPTION_INIT among declarations; found finds the exception of a name.
func (r *Resolver) pragmas(decls []ir.Decl, found func(string) *ir.ExceptionDecl) {
	for _, d := range decls {
		p, ok := d.(*ir.Pragma)
		if !ok || p.Name != "EXCEPTION_INIT" || len(p.Args) != 2 {
			continue
		}
		n, ok := p.Args[0].(*ir.Name)
		if !ok {
			continue
		}
		x := found(n.Parts[len(n.Parts)-1].Text)
		code, ok := signedInt(constantOf(decls, p.Args[1]))
		if x == nil || !ok {
			r.fail(unknownName, p.Span, "PRAGMA EXCEPTION_INIT for %s", n.Dotted())
			continue
		}
		x.Code, x.State = code, raisedState(code)
	}
}

// constantOf is the value that a constant of the same declarations is given, e itself if it names none.
func constantOf(decls []ir.Decl, e ir.Expr) ir.Expr {
	n, ok := ir.Bare(e).(*ir.Name)
	if !ok || len(n.Parts) != 1 {
		return e
	}
	for _, d := range decls {
		if v, ok := d.(*ir.VarDecl); ok && v.Constant && v.Default != nil && v.Name.Text == n.Parts[0].Text {
			return implicitless(v.Default)
		}
	}
	return e
}

// implicitless is an expression without the conversion to the type of what it is assigned to.
func implicitless(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		return c.X
	}
	return e
}

// signedInt is the value of an integer literal with its sign.
func signedInt(e ir.Expr) (int, bool) {
	sign := 1
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
		sign, e = -1, u.X
	}
	n, ok := e.(*ir.Number)
	if !ok {
		return 0, false
	}
	v, err := strconv.Atoi(n.Text)
	return sign * v, err == nil
}

// exception finds what an exception's name stands for: a declared one, or the name of a predefined one; both are zero if it is none.
func (r *Resolver) exception(f *frame, q ir.QName) (*ir.ExceptionDecl, string) {
	first := q.Parts[0].Text
	for g := f; g != nil; g = g.outer {
		if len(q.Parts) == 1 {
			if e := r.member(g, first); e != nil && e.exception != nil {
				return e.exception, ""
			}
		}
		if len(q.Parts) == 2 && g.label == first {
			if e := r.member(g, q.Parts[1].Text); e != nil && e.exception != nil {
				return e.exception, ""
			}
		}
	}
	if k := len(q.Parts) - 1; k > 0 {
		pq := ir.QName{Parts: q.Parts[:k]}
		if p := r.findPackage(pq.Schema(), pq.Name()); p != nil {
			if x := p.Exceptions[strings.ToUpper(q.Name())]; x != nil {
				return r.exceptions[x], ""
			}
		}
	}
	name := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(q.String()), "SYS."), "STANDARD.")
	if _, ok := predefinedExceptions[name]; ok {
		return nil, name
	}
	return nil, ""
}

// catch fills the states of a handler.
func (r *Resolver) catch(f *frame, c *ir.Catch) {
	c.States, c.Codes = nil, nil
	for _, q := range c.Names {
		x, name := r.exception(f, q)
		switch {
		case x != nil && x.Code != 0:
			c.Codes = append(c.Codes, x.Code)
			c.States = addAll(c.States, statesOf(x.Code))
		case x != nil:
			c.States = addAll(c.States, []string{x.State})
		case name != "":
			c.States = addAll(c.States, statesOf(predefinedExceptions[name].code))
		default:
			r.fail(unknownName, spanOr(q.Span, c.Span), "no exception is called %s here", q)
		}
	}
}

func addAll(list, more []string) []string {
	for _, s := range more {
		if !has(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// raise binds the exception of a RAISE.
func (r *Resolver) raise(f *frame, s *ir.RaiseNamed) {
	if len(s.Name.Parts) == 0 {
		return
	}
	x, name := r.exception(f, s.Name)
	switch {
	case x != nil:
		s.Exception = x
	case name != "":
		p := predefinedExceptions[name]
		s.Exception = &ir.ExceptionDecl{Name: ir.Ident{Text: name}, Code: p.code, State: raisedState(p.code)}
	default:
		r.fail(unknownName, spanOr(s.Name.Span, s.Span), "no exception is called %s here", s.Name)
	}
}
