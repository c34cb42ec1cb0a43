package plsql

import (
	"testing"

	"godwit/ir/types"
)

func TestComparedTypes(t *testing.T) {
	text, date, stamp, zoned, double := varchar(5), types.DateTime{}, types.DateTime{Precision: 6}, types.Timestamp{Precision: 6}, types.Float{Bits: 64}
	cases := []struct {
		a, b, want types.Type
	}{
		{text, number, number}, {number, text, number}, {text, date, date}, {date, stamp, stamp}, {stamp, zoned, zoned}, {number, double, double}, {text, double, double},
		{types.Null{}, date, date}, {text, varchar(9), text}, {number, date, nil}, {types.Bool{}, number, nil}, {types.XML{}, text, nil},
	}
	for _, c := range cases {
		if got := comparisonType(c.a, c.b); got != c.want {
			t.Errorf("%v and %v compare as %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestCommonTypes(t *testing.T) {
	cases := []struct {
		a, b, want types.Type
	}{
		{types.Decimal{Precision: 5}, types.Decimal{Precision: 8, Scale: 2}, types.Decimal{Precision: 8, Scale: 2}},
		{types.Decimal{Precision: 5}, number, number},
		{types.Int{Bits: 32}, number, number},
		{types.Float{Bits: 32}, number, types.Float{Bits: 32}},
		{varchar(3), varchar(7), varchar(7)},
		{varchar(3), types.Text{}, types.Text{}},
		{types.DateTime{}, types.DateTime{Precision: 6}, types.DateTime{Precision: 6}},
		{types.Null{}, varchar(3), varchar(3)},
		{varchar(3), number, nil},
		{types.DateTime{}, number, nil},
	}
	for _, c := range cases {
		if got := commonOf(c.a, c.b); got != c.want {
			t.Errorf("%v and %v are %v together, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestConvertible(t *testing.T) {
	better := []struct{ from, near, far types.Type }{
		{types.Int{Bits: 32}, types.Int{Bits: 32}, number},
		{number, number, varchar(10)},
		{types.DateTime{}, types.DateTime{}, varchar(10)},
		{types.DateTime{}, types.DateTime{Precision: 6}, varchar(10)},
		{varchar(3), varchar(10), number},
	}
	for _, c := range better {
		if a, b := convertible(c.from, c.near), convertible(c.from, c.far); a < 0 || b >= 0 && a >= b {
			t.Errorf("%v fits %v by %d and %v by %d", c.from, c.near, a, c.far, b)
		}
	}
	if convertible(types.Bool{}, number) >= 0 {
		t.Error("a BOOLEAN is no number")
	}
}

func TestEveryFunctionIsConverted(t *testing.T) {
	for name, f := range functions {
		if f.op == "" || f.max >= 0 && f.max < f.min {
			t.Errorf("%s: operation %q with %d to %d arguments", name, f.op, f.min, f.max)
		}
		if f.max != 0 && f.args == "" {
			t.Errorf("%s: no classes of arguments", name)
		}
		if notConvertedNames[name] {
			t.Errorf("%s is converted and refused", name)
		}
	}
	for name := range aggregates {
		if _, twice := functions[name]; twice {
			t.Errorf("%s is an aggregate and a function", name)
		}
	}
}
