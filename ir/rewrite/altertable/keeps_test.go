package altertable

import (
	"testing"

	"godwit/ir/types"
)

func TestKeeps(t *testing.T) {
	i32, i64, dec, f32, f64 := types.Int{Bits: 32}, types.Int{Bits: 64}, types.Decimal{Precision: 9, Scale: 2}, types.Float{Bits: 32}, types.Float{Bits: 64}
	utf8, latin := types.Text{N: 9, Charset: "utf8mb4"}, types.Text{N: 9, Charset: "latin1"}
	for _, c := range []struct {
		was, is       types.Type
		loose, strict bool
	}{
		{i32, i64, true, true}, {i32, dec, true, true}, {i64, f32, false, false}, {i64, f64, true, true}, {i32, utf8, true, true},
		{types.Int{Bits: 32, ZeroFill: true}, utf8, false, false}, {f32, f64, true, true}, {f32, dec, false, false}, {f64, utf8, false, false},
		{types.Float{Bits: 64, Digits: 5}, f64, false, false}, {dec, i32, true, true}, {utf8, i32, false, true}, {utf8, f64, false, false},
		{latin, utf8, true, true}, {utf8, latin, false, false}, {utf8, types.Text{N: 9, Fixed: true, Charset: "utf8mb4"}, false, false},
		{utf8, types.Text{MaxBytes: 255, Charset: "utf8mb4"}, false, true}, {utf8, types.Binary{N: 9}, false, false},
		{types.Set{Values: []string{"a"}}, types.Set{Values: []string{"a", "b"}}, true, true}, {types.Set{Values: []string{"a"}}, types.Set{Values: []string{"b", "a"}}, false, false},
		{types.Binary{N: 2}, types.Binary{N: 2, Fixed: true}, false, false}, {types.Bit{N: 2}, types.Bit{N: 3}, false, false},
		{types.DateTime{Precision: 3}, types.DateTime{}, false, false}, {types.DateTime{Truncate: true}, types.DateTime{Precision: 3}, true, true},
		{types.DateTime{}, types.Timestamp{}, true, false}, {types.Timestamp{}, types.DateTime{}, true, false}, {types.DateTime{Precision: 1}, types.Date{}, false, false},
		{types.JSON{}, utf8, false, false}, {types.Geometry{Kind: "POINT"}, types.Geometry{Kind: "GEOMETRY"}, false, false},
	} {
		if got := Keeps(c.was, c.is, false, true); got != c.loose {
			t.Errorf("%s to %s: %v", c.was, c.is, got)
		}
		if got := Keeps(c.was, c.is, true, false); got != c.strict {
			t.Errorf("%s to %s, strict and in a zone: %v", c.was, c.is, got)
		}
	}
}
