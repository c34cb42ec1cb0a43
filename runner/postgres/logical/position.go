package logical

import (
	"fmt"
	"strconv"
	"strings"

	"godwit/runner/change"
)

// LSN is a place in the server's write-ahead log, the position of this source. A transaction is covered by every
// position behind the start of its commit record.
type LSN uint64

var _ change.Position = LSN(0)

// String is the server's own spelling, such as 16/B374D848.
func (l LSN) String() string { return fmt.Sprintf("%X/%X", uint32(l>>32), uint32(l)) }

// Covers compares places of the same log.
func (l LSN) Covers(other change.Position) bool {
	o, ok := other.(LSN)
	return ok && l >= o
}

// ParseLSN reads the server's spelling.
func ParseLSN(text string) (LSN, error) {
	high, low, ok := strings.Cut(text, "/")
	h, err := strconv.ParseUint(high, 16, 32)
	l, err2 := strconv.ParseUint(low, 16, 32)
	if !ok || err != nil || err2 != nil {
		return 0, fmt.Errorf("%q is no position of a PostgreSQL log", text)
	}
	return LSN(h<<32 | l), nil
}
