package mysql

import (
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"
)

// TestRowsHeader: the head of rows is read as far as it is there; what is cut off is an error, as are rows of a table that the
// statement has no table map of.
func TestRowsHeader(t *testing.T) {
	f := newFollower(t.Context(), MySQL, &Position{family: MySQL}, nil, nil)
	whole := []byte{7, 0, 0, 0, 0, 0, 1, 0, 4, 0, 'e', 'x', 9, 0xff, 1, 'r'}
	e := &replication.RowsEvent{Version: 2}
	// The type of an event that the library has not made is not known: it has two bitmaps.
	data := append(whole[:15:15], 0x0f, 1, 'r')
	if err := f.rowsHeader(e, data); err != nil || e.TableID != 7 || e.Flags != 1 || e.ColumnCount != 9 || e.ColumnBitmap1[0] != 0xff || e.ColumnBitmap2[0] != 0x0f || f.bodyAt != len(data)-1 {
		t.Errorf("%v, %+v, rows at %d", err, e, f.bodyAt)
	}
	for n := range len(data) - 1 {
		if err := f.rowsHeader(&replication.RowsEvent{Version: 2}, data[:n]); !errors.Is(err, errShort) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	head := &replication.BinlogEvent{Header: &replication.EventHeader{}}
	f.maps[7] = &tableMap{as: &replication.TableMapEvent{ColumnCount: 9}}
	if err := f.rows(head, e); !errors.Is(err, ErrRefused) {
		t.Errorf("without a table map in the statement: %v", err)
	}
	f.mapped = append(f.mapped, 7)
	if err := f.rows(head, e); err != nil || len(f.mapped) != 0 {
		t.Errorf("%v, still mapped %v", err, f.mapped)
	}
	f.mapped, f.maps[7].as.ColumnCount = append(f.mapped, 7), 8
	if err := f.rows(head, e); !errors.Is(err, ErrRefused) {
		t.Errorf("of other columns: %v", err)
	}
}
