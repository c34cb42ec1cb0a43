package mysql

import (
	"math/big"
	"strings"
	"testing"
)

// The bounds of ranges that were guessed to hold these numbers of rows, 100 wanted.
func TestRangesTakenTogether(t *testing.T) {
	for _, c := range []struct {
		rows []int64
		want string
	}{
		{nil, ""},
		{[]int64{150}, ""},
		{[]int64{100, 100, 100}, "1 2"},
		{[]int64{10, 20, 30, 40, 90, 1, 1}, "4"},
		{[]int64{0, 0, 0, 130, 0}, "3 4"},
	} {
		d := &divider{rows: 100, write: (*big.Int).String}
		for i, n := range c.rows {
			d.cuts = append(d.cuts, cut{big.NewInt(int64(i + 1)), n})
		}
		if got := strings.Join(d.bounds(), " "); got != c.want {
			t.Errorf("%v: bounds %q, want %q", c.rows, got, c.want)
		}
	}
}
