package builtins

import (
	"math/big"
	"testing"

	"godwit/ir"
	"godwit/ir/types"
)

func TestFormatModels(t *testing.T) {
	cases := []struct {
		model, want string
		ok          bool
	}{
		{"YYYY-MM-DD HH24:MI:SS", "YYYY-MM-DD HH24:MI:SS", true},
		{"DD-MON-RR", "DD-MON-YY", true},
		{"fmDD Month YYYY", "FMDD FMMonth FMYYYY", true},
		{`YYYY"year"`, `YYYY"year"`, true},
		{"DY, DDTH", "DY, DDTH", true},
		{"YYYY-MM-DD TZR", "", false},
		{"YEAR", "", false},
		{"qk", "", false},
	}
	for _, c := range cases {
		got, ok := targetModel(c.model, true)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: got %q %v, want %q %v", c.model, got, ok, c.want, c.ok)
		}
	}
	if _, ok := targetModel("D", false); ok {
		t.Error("the number of a day depends on the first day of the week")
	}
	if _, unknown := elements("YYYY?k"); unknown != "k" {
		t.Errorf("unknown element %q", unknown)
	}
}

func TestLiteralDates(t *testing.T) {
	cases := []struct {
		text, model, want string
	}{
		{"2024-02-29", "YYYY-MM-DD", "2024-02-29"},
		{"29.2.2024 7:05", "DD.MM.YYYY HH24:MI", "2024-02-29 07:05:00"},
		{"17-dec-1980", "DD-MON-YYYY", "1980-12-17"},
		{"20240229", "YYYYMMDD", "2024-02-29"},
		{"2023-02-29", "YYYY-MM-DD", ""}, // an error where it runs
		{"01-01-24", "DD-MM-RR", ""},     // depends on the century
		{"2024-02", "YYYY-MM", ""},
		{"2024/02/29", "YYYY-MM-DD", ""}, // the routine takes other punctuation
	}
	for _, c := range cases {
		got, ok := readLiteral(c.text, c.model, false)
		if ok != (c.want != "") || got != c.want {
			t.Errorf("%s by %s: got %q %v, want %q", c.text, c.model, got, ok, c.want)
		}
	}
}

func TestPatternsInCommon(t *testing.T) {
	for p, want := range map[string]bool{
		"^[A-Z]+$": true, `\d{3}-\d+`: true, "[[:alpha:]]+": true, "a|b": true, "[^,]+": true,
		"a.b": false, "a+?": false, "(?i)x": false, `a\b`: false, "[a": false, "": false, "é": false,
	} {
		if got := samePattern(p); got != want {
			t.Errorf("%s: got %v", p, got)
		}
	}
}

func TestIntervals(t *testing.T) {
	cases := []struct {
		value, from, to, want string
	}{
		{"1 02:30:00", "day", "second", "26:30:00"},
		{"90", "minute", "", "01:30:00"},
		{"-1:30", "hour", "minute", "-01:30:00"},
		{"4.25", "second", "", "00:00:04.25"},
		{"2-6", "year", "month", "30 months"},
		{"3", "year", "", "36 months"},
		{"1 02", "day", "second", ""},
	}
	for _, c := range cases {
		got, ok := intervalText(&ir.IntervalLit{Value: c.value, From: c.from, To: c.to})
		if ok != (c.want != "") || got != c.want {
			t.Errorf("%s %s: got %q %v, want %q", c.value, c.from, got, ok, c.want)
		}
	}
}

func TestBoundsOfArithmetic(t *testing.T) {
	column := func(p int) ir.Expr {
		n := &ir.Name{Ref: &ir.RowRef{}}
		n.Type = types.Decimal{Precision: p}
		return n
	}
	sum := func(o ir.BinaryOp, l, r ir.Expr) *ir.Binary { return &ir.Binary{Op: o, L: l, R: r} }
	one := &ir.Number{Text: "1"}
	cases := []struct {
		e    *ir.Binary
		fits bool
	}{
		{sum(ir.Add, column(9), one), true},
		{sum(ir.Add, column(4), column(4)), true},
		{sum(ir.Mul, column(4), column(4)), false},
		{sum(ir.Mul, column(9), column(9)), false},
		{sum(ir.Add, column(18), column(18)), true},
		{sum(ir.Mul, column(18), &ir.Number{Text: "10"}), false},
	}
	for i, c := range cases {
		k := kindOf(c.e)
		if got := k.whole() && k.fits(limit(c.e)); got != c.fits {
			t.Errorf("case %d: fits is %v", i, got)
		}
	}
}

func TestSpans(t *testing.T) {
	like := &ir.Number{}
	for days, want := range map[string]string{"1": "1 day", "7": "7 days", "1/24": "1 hour", "1/1440": "1 minute", "3/2": "36 hours", "1/86400": "1 seconds"} {
		v, _ := new(big.Rat).SetString(days)
		if got := span(v, like).(*ir.Temporal).Value; got != want {
			t.Errorf("%s: got %s, want %s", days, got, want)
		}
	}
}
