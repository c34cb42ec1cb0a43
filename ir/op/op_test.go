package op

import (
	"strings"
	"testing"

	"godwit/ir/types"
)

func TestEveryOperationIsDescribed(t *testing.T) {
	for _, i := range All() {
		if i.Doc == "" || !strings.HasSuffix(i.Doc, ".") || i.Ref == "" {
			t.Errorf("%s: needs a doc ending in a full stop and a section", i.Op)
		}
		if i.Max >= 0 && i.Max < i.Min {
			t.Errorf("%s: takes %d to %d arguments", i.Op, i.Min, i.Max)
		}
		if IsOra(i.Op) {
			continue // the resolver of Oracle has its own classes and result types
		}
		if i.Max != 0 && len(i.Args) == 0 {
			t.Errorf("%s: no argument classes", i.Op)
		}
		if i.result == nil && !strings.Contains(i.Doc, "not converted") {
			t.Errorf("%s: no result type", i.Op)
		}
	}
}

func TestResultTypes(t *testing.T) {
	ci := types.Collation{Name: "utf8mb4_general_ci", CaseInsensitive: true}
	v := types.Text{N: 20, Charset: "utf8mb4", Collation: ci}
	lit := func(n int64) Const { return Const{Known: true, Int: n} }
	cases := []struct {
		op     Op
		types  []types.Type
		consts []Const
		want   types.Type
	}{
		{Lower, []types.Type{v}, nil, v},
		{Left, []types.Type{v, intResult}, []Const{{}, lit(3)}, types.Text{N: 3, Charset: "utf8mb4", Collation: ci}},
		{CharLength, []types.Type{v}, nil, types.Int{Bits: 64}},
		{Sum, []types.Type{types.Int{Bits: 32}}, nil, types.Decimal{Precision: 32}},
		{Avg, []types.Type{types.Decimal{Precision: 10, Scale: 2}}, nil, types.Decimal{Precision: 14, Scale: 6}},
		{Sum, []types.Type{v}, nil, types.Float{Bits: 64}},
		{Round, []types.Type{types.Decimal{Precision: 10, Scale: 4}, intResult}, []Const{{}, lit(2)}, types.Decimal{Precision: 9, Scale: 2}},
		{Ceil, []types.Type{types.Decimal{Precision: 10, Scale: 4}}, nil, types.Int{Bits: 64}},
		{Coalesce, []types.Type{types.Null{}, types.Int{Bits: 32}, types.Decimal{Precision: 5, Scale: 2}}, nil, types.Decimal{Precision: 12, Scale: 2}},
		{Coalesce, []types.Type{types.Int{Bits: 32}, v}, nil, v},
		{Coalesce, []types.Type{types.Date{}, types.DateTime{Precision: 3}}, nil, types.DateTime{Precision: 3}},
		{Greatest, []types.Type{types.Int{Bits: 64, Unsigned: true}, types.Int{Bits: 32}}, nil, types.Decimal{Precision: 20}},
		{IfNull, []types.Type{types.Enum{Values: []string{"a", "bcd"}, Charset: "utf8mb4", Collation: ci}, types.Null{}}, nil, types.Text{N: 3, Charset: "utf8mb4", Collation: ci}},
		{UnixTimestamp, []types.Type{types.DateTime{Precision: 3}}, nil, types.Decimal{Precision: 15, Scale: 3}},
	}
	for _, c := range cases {
		got := Lookup(c.op).ResultOf(Call{Types: c.types, Consts: c.consts})
		if got != c.want {
			t.Errorf("%s%v: got %#v, want %#v", c.op, c.types, got, c.want)
		}
	}
}

func TestUnknownArgumentsGiveUnknownResults(t *testing.T) {
	for _, o := range []Op{Coalesce, Lower, Round, Sum} {
		if got := Lookup(o).Result([]types.Type{types.Unknown{Why: "x"}}); !types.IsUnknown(got) {
			t.Errorf("%s of an unknown type gave %s", o, got)
		}
	}
	if Lookup("text.no_such") != nil {
		t.Error("an operation that does not exist was found")
	}
	if i := Lookup(Spatial("ST_X")); i == nil || !types.IsUnknown(i.Result(nil)) {
		t.Error("spatial functions must be known and have no type")
	}
}

func TestStrToDateTypeFollowsTheFormat(t *testing.T) {
	for f, want := range map[string]types.Type{
		"%Y-%m-%d":       types.Date{},
		"%d.%m.%Y %H:%i": types.DateTime{},
		"%H:%i:%s.%f":    types.Time{Precision: 6, Duration: true},
		"%T":             types.Time{Duration: true},
	} {
		if got := StrToDateType(f); got != want {
			t.Errorf("%q: got %v, want %v", f, got, want)
		}
	}
}
