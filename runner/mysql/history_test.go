package mysql

import (
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"

	"godwit/runner/change"
)

// TestPlaces: a position says that a place belongs to a server only where all that it has is in front of the place in that server's
// log. A server that passes over what a position has tells of places in front of it; a position that named one would seem to be in a
// log that was begun anew.
func TestPlaces(t *testing.T) {
	const uuid = "8ae58984-e765-11f1-99fc-02fc00000001"
	for _, c := range []struct {
		name, from string
		beats      []uint32
		want       string
	}{
		{"passed over", "binlog.000002:900@a", []uint32{300, 600}, "binlog.000002:900@a"},
		{"gone on", "binlog.000002:900@a", []uint32{300, 1200}, "binlog.000002:1200@a"},
		{"another server's", "mysql-bin.000007:100@b", []uint32{300, 600}, "binlog.000002:600"},
		{"another server's, behind the end", "mysql-bin.000007:100@b", []uint32{300, 1000}, "binlog.000002:1000@a"},
		{"of no server", "binlog.000002:900", []uint32{600}, "binlog.000002:600"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParsePosition("mysql/gtid/" + uuid + ":1-9/" + c.from)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := ParsePosition(p.String()); err != nil || again.String() != p.String() {
				t.Errorf("%s is read as %v, %v", p, again, err)
			}
			out := make(chan *change.Tx, len(c.beats))
			f := newFollower(t.Context(), MySQL, p, nil, out)
			f.server, f.serverID, f.file = "a", "1", "binlog.000002"
			if f.exact = p.server == f.server; !f.exact {
				f.all = &Position{file: f.file, offset: 1000}
			}
			for _, at := range c.beats {
				if err := f.beat(&replication.BinlogEvent{Header: &replication.EventHeader{LogPos: at}}); err != nil {
					t.Fatal(err)
				}
			}
			if want := "mysql/gtid/" + uuid + ":1-9/" + c.want; f.pos.String() != want {
				t.Errorf("got  %s\nwant %s", f.pos, want)
			}
		})
	}
}

// TestPlaceWithoutGTIDs: the text of a position without GTIDs says how its file begins, and one that does not is read as well.
func TestPlaceWithoutGTIDs(t *testing.T) {
	const uuid = "8ae58984-e765-11f1-99fc-02fc00000001"
	for text, want := range map[string]beginning{
		"": {}, "@" + uuid: {}, "@" + uuid + "+1790000000": {birth: 1790000000}, "@" + uuid + "+1790000000-900-0089abcd": {1790000000, 900, 0x89abcd},
	} {
		text = "mysql/file//binlog.000002:900" + text
		p, err := ParsePosition(text)
		if err != nil {
			t.Fatal(err)
		}
		if p.begin != want || p.String() != text {
			t.Errorf("%s is read as %s, begun as %v", text, p, p.begin)
		}
	}
	for _, wrong := range []string{"x", "1790000000-900", "1790000000-900-xyz"} {
		if p, err := ParsePosition("mysql/file//binlog.000002:900@" + uuid + "+" + wrong); err == nil {
			t.Errorf("%s is read as %s", wrong, p)
		}
	}
}
