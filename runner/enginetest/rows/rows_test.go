package rows

import "testing"

func TestCompareCells(t *testing.T) {
	s := func(v string) *string { return &v }
	tests := []struct {
		want, got *string
		class     string
		same      bool
	}{
		{s("1.50"), s("1.5"), "number", true},
		{s("1"), s("t"), "bool", true},
		{s("1"), s("f"), "bool", false},
		{s("a"), s("A"), "text", false},
		{s("007"), s("7"), "number", false},
		{s("2024-01-01"), s("2024-01-01 00:00:00"), "time", true},
		{s("2024-01-01 10:00:00.5"), s("2024-01-01 10:00:00.500000"), "time", true},
		{s("2024-01-01 10:00:00"), s("2024-01-01 10:00:00+00"), "time", true},
		{s("35:10:00"), s("35:10:00"), "other", true},
		{nil, s(""), "text", false},
		{nil, nil, "text", true},
		{s("\\x41"), s("\\x41"), "bytes", true},
	}
	for _, c := range tests {
		if got := sameCell(c.want, c.got, c.class); got != c.same {
			t.Errorf("sameCell(%v, %v, %s) = %v", *c.want, *c.got, c.class, got)
		}
	}
	if got := wantCells(`a\|b|\N|x\ny|\\`); len(got) != 4 || *got[0] != "a|b" || got[1] != nil || *got[2] != "x\ny" || *got[3] != `\` {
		t.Errorf("wantCells = %v", Block{Rows: [][]*string{got}})
	}
}
