package verify

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/enginetest"
)

// wide is a table with a column of several kinds; doc makes the comparison run on the client.
func (p pair) wide(t *testing.T, name string, key, doc bool, rows int) *catalog.Table {
	t.Helper()
	cols := []*catalog.Column{
		{Name: "v", Type: types.Text{N: 20, Charset: "utf8mb4"}, Target: "v", Nullable: true},
		{Name: "b", Type: types.Bit{N: 8}, Target: "b", Nullable: true},
		{Name: "n", Type: types.Decimal{Precision: 10, Scale: 2}, Target: "n", Nullable: true},
	}
	my, pg, extra := "id INT NOT NULL, v VARCHAR(20) CHARACTER SET utf8mb4, b BIT(8), n DECIMAL(10,2)", "id int, v text, b bit(8), n numeric(10,2)", ""
	if doc {
		cols = append(cols, &catalog.Column{Name: "j", Type: types.JSON{Kind: types.JSONText}, Target: "j", Nullable: true})
		my, pg, extra = my+", j LONGTEXT CHARACTER SET utf8mb4", pg+", j jsonb", `, CONCAT('{"k": ', seq, '}')`
	}
	if key {
		my += ", PRIMARY KEY (id)"
	}
	p.source(t, fmt.Sprintf("CREATE TABLE %s (%s)", name, my))
	p.source(t, fmt.Sprintf("INSERT INTO %s SELECT seq, CONCAT('v', seq), seq %% 256, seq / 4 %s FROM seq_1_to_%d", name, extra, rows))
	p.target(t, fmt.Sprintf("CREATE TABLE %s (%s)", name, pg))
	pgExtra := strings.NewReplacer("CONCAT('{\"k\": ', seq, '}')", "jsonb_build_object('k', seq)").Replace(extra)
	p.target(t, fmt.Sprintf("INSERT INTO %s SELECT seq, 'v' || seq, (seq %% 256)::bit(8), seq / 4.0 %s FROM generate_series(1, %d) seq", name, pgExtra, rows))
	return p.table(name, key, cols...)
}

// planted changes the target in every way that a mover may go wrong; want is what must be found.
var planted = []struct{ change, want string }{
	{"UPDATE %s SET b = b'00000001' # b WHERE id = 7", "mismatch 7 b"},
	{"UPDATE %s SET v = v || ' ' WHERE id = 11", "mismatch 11 v"},
	{"UPDATE %s SET v = upper(v) WHERE id = 500", "mismatch 500 v"},
	{"UPDATE %s SET v = NULL, n = NULL WHERE id = 900", "mismatch 900 n,v"},
	{"UPDATE %s SET v = '' WHERE id = 901", "mismatch 901 v"},
	{"UPDATE %s SET n = n + 0.01 WHERE id = 1001", "mismatch 1001 n"},
	{"DELETE FROM %s WHERE id = 1", "missing 1 "},
	{"DELETE FROM %s WHERE id = 2500", "missing 2500 "},
	{"INSERT INTO %s (id, v) VALUES (999999, 'x')", "extraneous 999999 "},
	{"INSERT INTO %s (id, v) VALUES (-5, 'x')", "extraneous -5 "},
	{"INSERT INTO %[1]s SELECT * FROM %[1]s WHERE id = 77", "extraneous 77 "},
	{"UPDATE %[1]s SET v = (SELECT v FROM %[1]s WHERE id = 41) WHERE id = 40", "mismatch 40 v"},
}

func listed(r Table) []string {
	var out []string
	for _, d := range r.Diffs {
		sort.Strings(d.Columns)
		out = append(out, fmt.Sprintf("%s %s %s", d.Kind, d.Key["id"], strings.Join(d.Columns, ",")))
	}
	sort.Strings(out)
	return out
}

func TestPlantedDifferences(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	for _, c := range []struct {
		name  string
		doc   bool
		chunk int64
	}{{"one_range", false, 100_000}, {"ranges", false, 300}, {"client", true, 1000}} {
		t.Run(c.name, func(t *testing.T) {
			tab := p.wide(t, c.name, true, c.doc, 2500)
			o := Options{ChunkRows: c.chunk}
			if r := p.run(t, o, tab)[0]; r.State != Verified || r.SourceRows != 2500 {
				t.Fatalf("faithful copy: %+v", r)
			}
			var want []string
			for _, x := range planted {
				p.target(t, fmt.Sprintf(x.change, c.name))
				want = append(want, x.want)
			}
			if c.doc {
				p.target(t, "UPDATE client SET j = '{\"k\": \"600\"}' WHERE id = 600")
				want = append(want, "mismatch 600 j")
			}
			sort.Strings(want)
			r := p.run(t, o, tab)[0]
			if d := cmp.Diff(want, listed(r)); d != "" || r.State != Different || r.Truncated {
				t.Errorf("state %s, truncated %v, (-planted +found):\n%s", r.State, r.Truncated, d)
			}
			few := p.run(t, Options{ChunkRows: c.chunk, MaxDiffs: 3}, tab)[0]
			if few.State != Different || !few.Truncated || len(few.Diffs) != 3 {
				t.Errorf("at most 3: %+v", few)
			}
		})
	}
}

func TestKeyless(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	for _, doc := range []bool{false, true} {
		name := fmt.Sprintf("keyless_%v", doc)
		tab := p.wide(t, name, false, doc, 1000)
		// Duplicates are equal as a multiset only: two more of row 5 on both sides.
		p.source(t, fmt.Sprintf("INSERT INTO %[1]s SELECT a.* FROM %[1]s a, (SELECT 1 UNION ALL SELECT 2) x WHERE a.id = 5", name))
		p.target(t, fmt.Sprintf("INSERT INTO %[1]s SELECT a.* FROM %[1]s a, generate_series(1, 2) WHERE a.id = 5", name))
		if r := p.run(t, Options{}, tab)[0]; r.State != Verified || !r.Keyless || r.SourceRows != 1002 {
			t.Fatalf("faithful copy: %+v", r)
		}
		p.target(t, fmt.Sprintf("INSERT INTO %[1]s SELECT * FROM %[1]s WHERE id = 5 LIMIT 2", name))
		p.target(t, fmt.Sprintf("UPDATE %s SET v = '' WHERE id = 9", name))
		r := p.run(t, Options{}, tab)[0]
		if d := cmp.Diff([]string{"extraneous 5 ", "extraneous 9 ", "missing 9 "}, listed(r)); d != "" || r.Extraneous != 3 || r.Missing != 1 {
			t.Errorf("%+v\n%s", r, d)
		}
	}
}

// TestTextKey has a key whose order and equality differ between the servers.
func TestTextKey(t *testing.T) {
	eachSource(t, func(t *testing.T, _ string, p pair) {
		p.source(t, "CREATE TABLE k (a VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, d DATETIME(6), b VARBINARY(5), n INT, PRIMARY KEY (a, d, b))")
		p.target(t, "CREATE TABLE k (a text, d timestamp, b bytea, n int)")
		tab := &catalog.Table{Schema: p.schema, Name: "k", TargetSchema: "public", Target: "k", Columns: []*catalog.Column{
			{Name: "a", Type: types.Text{N: 20, Charset: "utf8mb4"}, Target: "a"}, {Name: "d", Type: types.DateTime{Precision: 6}, Target: "d"},
			{Name: "b", Type: types.Binary{N: 5}, Target: "b"}, {Name: "n", Type: types.Int{Bits: 32}, Target: "n"}},
			Keys: []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "a"}, {Column: "d"}, {Column: "b"}}}}}
		for i, a := range []string{"b", "A", "ä", "", "z ", "_", "Z"} {
			q := "INSERT INTO k VALUES ('%s', '2026-01-0%d 00:00:00.5', %s, %[2]d)"
			p.source(t, fmt.Sprintf(q, a, i+1, fmt.Sprintf("x'0%d'", i)))
			p.target(t, fmt.Sprintf(q, a, i+1, fmt.Sprintf(`'\x0%d'`, i)))
		}
		if r := p.run(t, Options{}, tab)[0]; r.State != Verified || r.SourceRows != 7 {
			t.Fatalf("faithful copy: %+v", r)
		}
		p.target(t, "UPDATE k SET a = 'a' WHERE a = 'A'")
		p.target(t, "UPDATE k SET n = 0 WHERE a = 'ä'")
		fence := fenceOf(func() {})
		for _, o := range []Options{{}, {Fence: fence, Attempts: 2, Delay: time.Millisecond}} {
			r := p.run(t, o, tab)[0]
			if r.Missing != 1 || r.Extraneous != 1 || r.Mismatched != 1 || r.State != Different {
				t.Errorf("fence %v: %+v", o.Fence != nil, r)
			}
		}
	})
}

// fenceOf is a fence that does something while it waits.
func fenceOf(f func()) Fence {
	return func(context.Context) (func(context.Context) error, error) {
		return func(context.Context) error { f(); return nil }, nil
	}
}

// TestBehindStream lets a fence do what a change stream would: bring some rows, let one change for ever, and leave
// two that are really different.
func TestBehindStream(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	tab := p.wide(t, "s", true, false, 1000)
	p.source(t, "UPDATE s SET v = 'late' WHERE id BETWEEN 100 AND 120")
	p.source(t, "INSERT INTO s (id, v) VALUES (2000, 'new')")
	p.source(t, "DELETE FROM s WHERE id = 300")
	p.target(t, "UPDATE s SET v = 'wrong' WHERE id = 500")
	p.target(t, "DELETE FROM s WHERE id = 501")
	var n atomic.Int64
	fence := fenceOf(func() {
		switch i := n.Add(1); i {
		case 3:
			p.target(t, "UPDATE s SET v = 'late' WHERE id BETWEEN 100 AND 120")
			p.target(t, "INSERT INTO s (id, v) VALUES (2000, 'new')")
			p.target(t, "DELETE FROM s WHERE id = 300")
		default:
			p.source(t, fmt.Sprintf("UPDATE s SET v = 'hot %d' WHERE id = 700", i))
		}
	})
	r := p.run(t, Options{Fence: fence, Attempts: 4, Delay: time.Millisecond}, tab)[0]
	if d := cmp.Diff([]string{"mismatch 500 v", "mismatch 700 v", "missing 501 "}, listed(r)); d != "" || r.State != Different {
		t.Fatalf("%+v\n%s", r, d)
	}
	for _, d := range r.Diffs {
		if d.Unsettled != (d.Key["id"] == "700") {
			t.Errorf("unsettled: %+v", d)
		}
	}
}

func TestChangingWithoutStreamIsNotVerified(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	tab := p.wide(t, "c", false, false, 10)
	p.source(t, "UPDATE c SET v = 'x' WHERE id = 1")
	var tables = p.run(t, Options{Attempts: 1}, tab)
	if tables[0].State != Different || (&Report{tables}).OK() {
		t.Errorf("%+v", tables[0])
	}
	// While it is compared, a row changes that the comparison has not reached yet.
	keyed := p.wide(t, "d", true, false, 1000)
	var once sync.Once
	o := Options{Attempts: 1, ChunkRows: 50, Parallel: 1, Progress: func(string, int64) {
		once.Do(func() { p.source(t, "UPDATE d SET v = 'meanwhile' WHERE id = 990") })
	}}
	if r := p.run(t, o, keyed)[0]; r.State != Different || !cmp.Equal(listed(r), []string{"mismatch 990 v"}) {
		t.Errorf("changed meanwhile: %+v, %v", r, listed(r))
	}
}

func TestCanonicalJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":[1.50e3, -0.0 ,12e-1],"a":{}}`: `{"a":{},"b":[15e2,0,12e-1]}`,
		`"\u0041\/\ud83d\ude00\n\ud800x"`:    "\"A/😀\\u000a\\ud800x\"",
		`{"a":1,"a":2}`:                      `{"a":1e0,"a":2e0}`,
		` [ ] `:                              `[]`,
		`0.001`:                              `1e-3`,
	} {
		if got, err := canonicalJSON(in); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "[1,]", "{a:1}", `{"a"}`, `"x`, `"\q"`, "1 2", "nul", "-", `"\u12"`, "\"\xff\"", strings.Repeat("[", 5000)} {
		if got, err := canonicalJSON(in); err == nil {
			t.Errorf("%.20q: no error but %s", in, got)
		}
	}
}

func FuzzCanonicalJSON(f *testing.F) {
	f.Add(`{"b":[1.50e3,"\ud83d\ude00"],"a":null}`)
	f.Fuzz(func(t *testing.T, in string) {
		once, err := canonicalJSON(in)
		if err != nil {
			return
		}
		if twice, err := canonicalJSON(once); err != nil || twice != once {
			t.Errorf("%q: %q becomes %q, %v", in, once, twice, err)
		}
	})
}

// TestPolicies has values that PostgreSQL cannot hold, and on the target what the mover puts in their place.
func TestPolicies(t *testing.T) {
	eachSource(t, func(t *testing.T, _ string, p pair) {
		p.source(t, "CREATE TABLE z (id INT PRIMARY KEY, d DATE, dt DATETIME(3), v VARCHAR(20) CHARACTER SET utf8mb4, l LONGTEXT CHARACTER SET utf8mb4)")
		p.source(t, "INSERT INTO z VALUES (1, '0000-00-00', '0000-00-00', CONCAT('a', CHAR(0), 'b'), CONCAT(CHAR(0), 'é')), (2, '2026-00-12', '2026-05-00 01:02:03', 'x', ''), (3, '2026-01-01', '2026-01-01', 'x', NULL)")
		p.target(t, "CREATE TABLE z (id int, d date, dt timestamp, v text, l text)")
		tab := p.table("z", true, &catalog.Column{Name: "d", Type: types.Date{}, Target: "d"}, &catalog.Column{Name: "dt", Type: types.DateTime{Precision: 3}, Target: "dt"},
			&catalog.Column{Name: "v", Type: types.Text{N: 20, Charset: "utf8mb4"}, Target: "v"}, &catalog.Column{Name: "l", Type: types.Text{Charset: "utf8mb4"}, Target: "l"})
		for _, c := range []struct {
			values Values
			rows   string
		}{
			{Values{ZeroDates: "null", NUL: "strip"}, "(1, NULL, NULL, 'ab', 'é'), (2, NULL, NULL, 'x', ''), (3, '2026-01-01', '2026-01-01', 'x', NULL)"},
			{Values{ZeroDates: "0001-01-01", NUL: "replace:?!"}, "(1, '0001-01-01', '0001-01-01', 'a?!b', '?!é'), (2, '0001-01-01', '0001-01-01', 'x', ''), (3, '2026-01-01', '2026-01-01', 'x', NULL)"},
		} {
			p.target(t, "TRUNCATE z")
			p.target(t, "INSERT INTO z VALUES "+c.rows)
			if r := p.run(t, Options{Values: c.values}, tab)[0]; r.State != Verified {
				t.Errorf("%+v: %+v", c.values, r)
			}
			if r := p.run(t, Options{}, tab)[0]; r.Mismatched != 2 {
				t.Errorf("without the policy: %+v", r)
			}
		}
	})
	if _, err := Run(context.Background(), nil, nil, nil, Options{Values: Values{NUL: "drop"}}); err == nil {
		t.Error("an unknown policy is taken")
	}
}

// TestKeylessBehindStream has rows on their way, and one that is really missing.
func TestKeylessBehindStream(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	tab := p.wide(t, "k", false, false, 1000)
	var n atomic.Int64
	fence := fenceOf(func() {
		// The target always lacks the newest row, which was not there a moment ago.
		i := n.Add(1)
		p.source(t, fmt.Sprintf("INSERT INTO k (id, v) VALUES (%d, 'new')", 5000+i))
		if i > 1 {
			p.target(t, fmt.Sprintf("INSERT INTO k (id, v) VALUES (%d, 'new')", 5000+i-1))
		}
	})
	o := Options{Fence: fence, Attempts: 3, Delay: time.Millisecond}
	if r := p.run(t, o, tab)[0]; r.State != Verified {
		t.Fatalf("rows on their way: %+v", r)
	}
	p.target(t, "DELETE FROM k WHERE id = 17")
	r := p.run(t, o, tab)[0]
	if d := cmp.Diff([]string{"missing 17 "}, listed(r)); d != "" || r.State != Different {
		t.Errorf("%+v\n%s", r, d)
	}
}
