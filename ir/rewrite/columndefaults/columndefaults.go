// Package columndefaults writes the literals of DEFAULT clauses as values of the column's type.
package columndefaults

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/zerodates"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	zeroDate = &diag.Code{
		ID: "DD0121", Title: "zero date as default", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc: "PostgreSQL has no date with a zero year, month or day. The default is left out: a row of a program that does not name the column gets NULL, or an error where the column is NOT NULL; " +
			"statements of the source that leave the column out are refused. With the policy zero-dates=null the default is NULL in any case (MySQL Reference Manual, Date and Time Data Types).",
		Next: "Choose another default, and convert the stored zero dates.", Learn: 1, Each: 0.25,
	}
	badDefault = &diag.Code{
		ID: "DD0122", Title: "default that is no value of the column's type", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The literal cannot be written as a value of the column's type on the target.",
		Next: "Give the column a default of its own type.", Each: 0.25,
	}
	columnInDefault = &diag.Code{
		ID: "DD0123", Title: "default that reads another column", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "DEFAULT expressions of PostgreSQL cannot refer to columns.",
		Next: "Use a BEFORE INSERT trigger.", Learn: 0.5, Each: 0.5,
	}
)

// Rule lowers DEFAULT clauses.
var Rule = &rewrite.Rule{
	Code: "DD0120",
	Name: "columndefaults",
	Doc: "A literal behind DEFAULT is converted by the source to the column's type when the table is made: the string '0' of an integer column is the number 0, " +
		"b'1' of a BIT column is one bit, a member of an ENUM is found without regard to case. It is written as a literal of the target's type. CURRENT_TIMESTAMP is the start of the statement, cut to the column's precision. Other expressions are left to the rules for expressions " +
		"(MySQL Reference Manual, Data Type Default Values).",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT DEFAULT '5', b BIT(4) DEFAULT b'1')",
		Target: "CREATE TABLE t (\n  a integer DEFAULT 5,\n  b bit(4) DEFAULT '0001'\n)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{zeroDate, badDefault, columnInDefault},
	Looks:    ir.Kinds(ir.KindCreateTable, ir.KindAlterTable),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Columns(p, func(s *define.Site, c *ir.ColumnDef) { c.Default = Lower(p, c.Name.Text, c.Type, c.Default) })
	p.Statements(func(n ir.Node) ir.Node {
		at, ok := n.(*ir.AlterTable)
		if !ok {
			return n
		}
		for _, a := range at.Actions {
			if a.Kind != "alter default" || a.Expr == nil || at.Table.Table == nil {
				continue
			}
			if c := at.Table.Table.Column(a.Old.Text); c != nil {
				a.Expr = Lower(p, c.Name, c.Type, a.Expr)
			}
		}
		return n
	})
}

// Lower writes the default of a column; nil if there is none.
func Lower(p *rewrite.Pass, column string, t types.Type, e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	if now, ok := ir.Bare(e).(*ir.Now); ok {
		if x, ok := define.Now(now); ok {
			return define.At(x, e.Base().Span, p.Rule.Code)
		}
	}
	lit, neg := define.Literal(e)
	if lit == nil {
		if ir.Find(e, isColumn) {
			rewrite.Refuse(p, columnInDefault, e.Base().Span, "the default of column %s", column)
		}
		return e
	}
	if _, null := lit.(*ir.Null); null {
		return nil
	}
	out, why := literal(t, lit, neg)
	switch {
	case why == zero && zerodates.Replacement(p) != "":
		return define.At(define.Str(zerodates.Replacement(p)), e.Base().Span, p.Rule.Code)
	case why == zero:
		p.Report(zeroDate, e.Base().Span, "column %s: %s", column, e.Base().Span.Text())
		return nil
	case why != "":
		rewrite.Refuse(p, badDefault, e.Base().Span, "column %s: %s for type %s", column, why, t)
		return e
	}
	b := out.Base()
	b.Span, b.Lead, b.Trail = e.Base().Span, e.Base().Lead, e.Base().Trail
	if out != e {
		b.Made(p.Rule.Code)
	}
	return out
}

func isColumn(n ir.Node) bool {
	x, ok := n.(*ir.Name)
	if !ok {
		return false
	}
	_, ok = x.Ref.(*ir.ColumnRef)
	return ok
}

const zero = "zero date"

// literal writes a literal as a value of a type; why names what is wrong with it.
func literal(t types.Type, lit ir.Expr, neg bool) (out ir.Expr, why string) {
	switch t := t.(type) {
	case types.Int, types.Decimal, types.Float, types.Year:
		return number(t, lit, neg)
	case types.Text, types.JSON, types.UUID, types.Inet:
		return text(lit, neg)
	case types.Enum:
		return member(t, lit)
	case types.Set:
		return members(t, lit)
	case types.Bit:
		return bits(t, lit)
	case types.Binary:
		return bytea(lit)
	case types.Date, types.DateTime, types.Timestamp:
		return moment(t, lit)
	case types.Time:
		return span(lit)
	case types.Bool:
		if b, ok := lit.(*ir.Bool); ok && !neg {
			return b, ""
		}
	}
	return nil, "a default"
}

func number(t types.Type, lit ir.Expr, neg bool) (ir.Expr, string) {
	s, ok := digits(lit)
	if !ok {
		return nil, "no number"
	}
	if neg {
		s = "-" + s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, "no number"
	}
	switch t.(type) {
	case types.Int:
		if strings.ContainsAny(s, ".eE") {
			if math.Abs(f) >= 1<<53 {
				return nil, "a large number with a fraction"
			}
			s = strconv.FormatInt(int64(math.Round(f)), 10)
		}
	case types.Year:
		s = year(s, lit)
	}
	return define.Num(s), ""
}

// year maps one and two digits: 0 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999; the number 0 is the year 0.
func year(s string, lit ir.Expr) string {
	n, err := strconv.Atoi(s)
	_, text := lit.(*ir.String)
	switch {
	case err != nil || n > 99 || n < 0:
		return s
	case n == 0 && (!text || len(s) > 2):
		return "0"
	case n < 70:
		return strconv.Itoa(2000 + n)
	}
	return strconv.Itoa(1900 + n)
}

func digits(lit ir.Expr) (string, bool) {
	switch x := lit.(type) {
	case *ir.Number:
		return x.Text, true
	case *ir.String:
		return strings.TrimSpace(x.Value), true
	case *ir.Bool:
		if x.Value {
			return "1", true
		}
		return "0", true
	case *ir.Bytes:
		n, ok := big(x.Value)
		return strconv.FormatUint(n, 10), ok
	}
	return "", false
}

func big(b []byte) (n uint64, ok bool) {
	if len(b) > 8 {
		return 0, false
	}
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n, true
}

func text(lit ir.Expr, neg bool) (ir.Expr, string) {
	switch x := lit.(type) {
	case *ir.String:
		return define.Str(x.Value), ""
	case *ir.Number:
		if neg {
			return define.Str("-" + x.Text), ""
		}
		return define.Str(x.Text), ""
	case *ir.Bytes:
		for _, c := range x.Value {
			if c == 0 || c > 126 {
				return nil, "bytes"
			}
		}
		return define.Str(string(x.Value)), ""
	}
	return nil, "a value that is no text"
}

func member(t types.Enum, lit ir.Expr) (ir.Expr, string) {
	x, ok := lit.(*ir.String)
	if !ok {
		return nil, "a value that is no member"
	}
	for _, v := range t.Values {
		if v == x.Value {
			return define.Str(v), ""
		}
	}
	for _, v := range t.Values {
		if strings.EqualFold(v, strings.TrimRight(x.Value, " ")) {
			return define.Str(v), ""
		}
	}
	return nil, "a value that is no member"
}

func members(t types.Set, lit ir.Expr) (ir.Expr, string) {
	x, ok := lit.(*ir.String)
	if !ok {
		return nil, "a value that is no set"
	}
	if x.Value == "" {
		return define.Str(""), ""
	}
	want := map[string]bool{}
	for _, v := range strings.Split(x.Value, ",") {
		want[strings.ToLower(v)] = true
	}
	var out []string
	for _, v := range t.Values {
		if want[strings.ToLower(v)] {
			out = append(out, v)
			delete(want, strings.ToLower(v))
		}
	}
	if len(want) > 0 {
		return nil, "a value that is no member"
	}
	return define.Str(strings.Join(out, ",")), ""
}

func bits(t types.Bit, lit ir.Expr) (ir.Expr, string) {
	var n uint64
	var ok bool
	switch x := lit.(type) {
	case *ir.Bytes:
		n, ok = big(x.Value)
	case *ir.Number:
		v, err := strconv.ParseUint(x.Text, 10, 64)
		n, ok = v, err == nil
	}
	s := fmt.Sprintf("%0*b", max(t.N, 1), n)
	if !ok || len(s) > max(t.N, 1) {
		return nil, "no bits of that length"
	}
	return define.Str(s), ""
}

func bytea(lit ir.Expr) (ir.Expr, string) {
	switch x := lit.(type) {
	case *ir.Bytes:
		return x, ""
	case *ir.String:
		b := &ir.Bytes{Value: []byte(x.Value)}
		b.Type = types.Binary{}
		return b, ""
	}
	return nil, "no bytes"
}

// moment writes a date or time literal in the form that every setting of DateStyle reads.
func moment(t types.Type, lit ir.Expr) (ir.Expr, string) {
	s, ok := digitsOfTime(lit)
	if !ok {
		return nil, "no date"
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return !(r >= '0' && r <= '9') })
	if len(parts) == 1 { // YYYYMMDD[hhmmss]
		d := parts[0]
		if len(d) != 8 && len(d) != 14 && strings.Trim(d, "0") != "" {
			return nil, "a date in an unusual form"
		}
		if strings.Trim(d, "0") == "" {
			return nil, zero
		}
		parts = []string{d[:4], d[4:6], d[6:8]}
		for i := 8; i < len(d); i += 2 {
			parts = append(parts, d[i:i+2])
		}
	}
	if len(parts) < 3 || len(parts[0]) != 4 {
		return nil, "a date in an unusual form"
	}
	var n [3]int
	for i := range n {
		n[i], _ = strconv.Atoi(parts[i])
	}
	if n[0] == 0 || n[1] == 0 || n[2] == 0 {
		return nil, zero
	}
	out := fmt.Sprintf("%04d-%02d-%02d", n[0], n[1], n[2])
	if _, date := t.(types.Date); date {
		return define.Str(out), ""
	}
	clock := []string{"00", "00", "00"}
	for i := range clock {
		if len(parts) > 3+i {
			clock[i] = fmt.Sprintf("%02s", parts[3+i])
		}
	}
	out += " " + strings.Join(clock, ":")
	if len(parts) > 6 {
		out += "." + parts[6]
	}
	return define.Str(out), ""
}

func digitsOfTime(lit ir.Expr) (string, bool) {
	switch x := lit.(type) {
	case *ir.String:
		return strings.TrimSpace(x.Value), true
	case *ir.Number:
		return x.Text, true
	case *ir.Temporal:
		return strings.TrimSpace(x.Value), true
	}
	return "", false
}

// span writes a TIME literal, which is hours, minutes and seconds with colons, as an interval.
func span(lit ir.Expr) (ir.Expr, string) {
	s, ok := digitsOfTime(lit)
	if !ok {
		return nil, "no time"
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(s, "-")); err == nil && !strings.Contains(s, ":") { // hhmmss
		sign := ""
		if strings.HasPrefix(s, "-") {
			sign = "-"
		}
		return define.Str(fmt.Sprintf("%s%02d:%02d:%02d", sign, n/10000, n/100%100, n%100)), ""
	}
	if strings.Count(s, ":") == 0 || strings.Contains(s, " ") {
		return nil, "a time in an unusual form"
	}
	return define.Str(s), ""
}
