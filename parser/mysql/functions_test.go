package mysql

import (
	"testing"

	"godwit/ir/op"
)

func TestEveryFunctionNamesAnOperationThatExists(t *testing.T) {
	for name, f := range functions {
		ops := []op.Op{f.o}
		for _, o := range f.byArgs {
			ops = append(ops, o)
		}
		for _, o := range ops {
			if op.Lookup(o) == nil {
				t.Errorf("%s stands for %q, which is not described", name, o)
			}
		}
	}
}

func TestLookupFunction(t *testing.T) {
	for _, c := range []struct {
		name  string
		nargs int
		want  op.Op
		ok    bool
	}{
		{"ucase", 1, op.Upper, true},
		{"LOG", 1, op.Ln, true},
		{"LOG", 2, op.Log, true},
		{"atan", 2, op.ATan2, true},
		{"ST_Distance", 2, op.Spatial("st_distance"), true},
		{"my_own_function", 1, "", false},
	} {
		got, ok := LookupFunction(c.name, c.nargs)
		if got != c.want || ok != c.ok {
			t.Errorf("%s/%d: got %q %v, want %q %v", c.name, c.nargs, got, ok, c.want, c.ok)
		}
	}
	if AcceptsArguments(op.Left, 1) || !AcceptsArguments(op.Coalesce, 5) || AcceptsArguments(op.Pi, 1) {
		t.Error("argument counts are not checked")
	}
}
