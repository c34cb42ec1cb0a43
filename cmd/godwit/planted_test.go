package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/enginetest"
	"godwit/runner/verify"
)

// plantedRows is the size of the table in which differences are planted; bench/verify runs the test with 4 million.
const plantedRows = 200_000

const plantedTable = `CREATE TABLE big (id BIGINT PRIMARY KEY, grp INT NOT NULL, v VARCHAR(60) CHARACTER SET utf8mb4, t TEXT CHARACTER SET utf8mb4,
	d DECIMAL(12,4), n0 DECIMAL(20,0), f DOUBLE, f4 FLOAT, b BIT(16), bl BLOB, vb VARBINARY(16), ts DATETIME(6), j JSON, note VARCHAR(40) CHARACTER SET utf8mb4)`

// plantedRow makes the row of the key s.
const plantedRow = `s, s %% 1000, CONCAT('Straße ', s, CASE s %% 3 WHEN 0 THEN ' é' ELSE '' END), REPEAT(CONCAT('text ', s, ' '), 3), s / 7, s * 100,
	s / 3e0, s / 11e0, s %% 65536, UNHEX(SHA1(s)), UNHEX(LEFT(MD5(s), 24)), '2026-01-01' + INTERVAL s * 1000003 MICROSECOND,
	CONCAT('{"b": ', s, ', "a": [1, "x', s %% 10, '"]}'), CASE s %% 4 WHEN 0 THEN '' WHEN 1 THEN NULL ELSE 'n' END`

// plant is a difference: a change of the target's row, and what verification must say of it. Keys of planted rows end
// in 0 to 4; the writer changes others.
type plant struct{ change, kind, column string }

var plants = []plant{
	{"UPDATE big SET bl = set_bit(bl, 77, 1 - get_bit(bl, 77)) WHERE id = $1", "mismatch", "bl"},
	{"UPDATE big SET vb = set_bit(vb, 1, 1 - get_bit(vb, 1)) WHERE id = $1", "mismatch", "vb"},
	{"UPDATE big SET b = b # B'0000000000000001' WHERE id = $1", "mismatch", "b"},
	{"UPDATE big SET f = f + 2 ^ -52 * f WHERE id = $1", "mismatch", "f"},
	{"UPDATE big SET f4 = (f4::float8 * (1 + 2 ^ -22))::float4 WHERE id = $1", "mismatch", "f4"},
	{"DELETE FROM big WHERE id = $1", "missing", ""},
	{"INSERT INTO big (id, grp) VALUES (-$1, 1)", "extraneous", ""},
	{"UPDATE big SET grp = grp + 1 WHERE id = $1", "mismatch", "grp"},
	{"UPDATE big SET note = CASE WHEN note IS NULL THEN '' WHEN note = '' THEN NULL ELSE 'N' END WHERE id = $1", "mismatch", "note"},
	{"UPDATE big SET v = v || ' ' WHERE id = $1", "mismatch", "v"},
	{"UPDATE big SET t = t || ' ' WHERE id = $1", "mismatch", "t"},
	{"UPDATE big SET v = replace(v COLLATE \"C\", 'S', 's') WHERE id = $1", "mismatch", "v"},
	{"UPDATE big SET ts = ts + interval '1 microsecond' WHERE id = $1", "mismatch", "ts"},
	{"UPDATE big SET n0 = n0 / 10 WHERE id = $1", "mismatch", "n0"},
	{"UPDATE big SET d = d + 0.0001 WHERE id = $1", "mismatch", "d"},
	{"UPDATE big SET v = replace(v COLLATE \"C\", 'ß', 'ss') WHERE id = $1", "mismatch", "v"},
	{"UPDATE big SET v = v || U&'\\0301' WHERE id = $1", "mismatch", "v"},
	{"UPDATE big SET j = jsonb_set(j::jsonb, '{b}', '\"1\"') WHERE id = $1", "mismatch", "j"},
	{"UPDATE big SET j = NULL WHERE id = $1", "mismatch", "j"},
}

// harmless are changes of the target that are none: other spellings of the same values.
var harmless = []string{
	"UPDATE big SET j = (SELECT jsonb_object_agg(k, x) FROM (SELECT k, x FROM jsonb_each(j::jsonb) e(k, x) ORDER BY k DESC) y) WHERE id = $1",
	"UPDATE big SET d = d + 0.0000, ts = ts + interval '0' WHERE id = $1",
}

// planted is a source that is written to, a migration that follows it, and the task file.
type planted struct {
	mySource
	pg        *pgx.Conn
	task      string
	rows      int64
	dst       string
	documents bool // the target's column is a document: its spelling means nothing
}

// newTask makes a source, a target and the task file, without rows.
func newTask(t *testing.T, fresh freshSource, name string) *planted {
	t.Helper()
	p := &planted{mySource: newMySource(t, fresh, name), task: filepath.Join(t.TempDir(), name+".yaml"), dst: enginetest.FreshPostgres(t, 15, name)}
	text := fmt.Sprintf("name: %s\nsource: {url: %q}\ntarget: {url: %q}\nload: {workers: 2}\n", name, p.url, p.dst)
	if err := os.WriteFile(p.task, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.pg, err = pgx.Connect(context.Background(), p.dst); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.pg.Close(context.Background()) })
	return p
}

func newPlanted(t *testing.T, fresh freshSource, rows int64) *planted {
	t.Helper()
	p := newTask(t, fresh, "planted")
	p.rows = rows
	p.source(plantedTable)
	p.source("CREATE TABLE seq (s BIGINT PRIMARY KEY)")
	p.source("INSERT INTO seq VALUES (1)")
	for n := int64(1); n < min(rows, 10_000); n *= 2 {
		p.source(fmt.Sprintf("INSERT INTO seq SELECT s + %d FROM seq", n))
	}
	const step = 10_000
	for n := int64(0); n < rows; n += step {
		p.source(fmt.Sprintf("INSERT INTO big SELECT "+plantedRow+" FROM (SELECT s + %d AS s FROM seq WHERE s <= %d) x", n, min(step, rows-n)))
	}
	p.source("DROP TABLE seq")
	return p
}

// searchPath sets the schema that the table lies in.
func (p *planted) searchPath() {
	p.t.Helper()
	var schema string
	if err := p.pg.QueryRow(context.Background(), "SELECT schemaname FROM pg_tables WHERE tablename = 'big'").Scan(&schema); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.pg.Exec(context.Background(), "SET search_path = "+pgx.Identifier{schema}.Sanitize()); err != nil {
		p.t.Fatal(err)
	}
	if err := p.pg.QueryRow(context.Background(), "SELECT format_type(atttypid, -1) = 'jsonb' FROM pg_attribute WHERE attrelid = 'big'::regclass AND attname = 'j'").Scan(&p.documents); err != nil {
		p.t.Fatal(err)
	}
}

func (p *planted) target(q string, id int64) pgconn.CommandTag {
	p.t.Helper()
	tag, err := p.pg.Exec(context.Background(), strings.ReplaceAll(q, "$1", strconv.FormatInt(id, 10)))
	if err != nil {
		p.t.Fatalf("%.100s: %v", q, err)
	}
	return tag
}

// follow runs godwit migrate until the result is called.
func (p *planted) follow() (stop func() string) {
	ctx, cancel := context.WithCancel(context.Background())
	var out bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"migrate", p.task, "--no-verify", "--skip-check"}, strings.NewReader(""), &out, &out)
	}()
	stop = sync.OnceValue(func() string {
		cancel()
		<-done
		return out.String()
	})
	p.t.Cleanup(func() { stop() })
	return stop
}

// consistent waits until the migration is.
func (p *planted) consistent() {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var phase string
		if err := p.pg.QueryRow(context.Background(), "SELECT phase FROM godwit.progress").Scan(&phase); err == nil && phase == "consistent" {
			return
		}
	}
	p.t.Fatal("the target does not become consistent")
}

// step is one transaction of a writer. One row changes all the time.
func (p *planted) step(r *rand.Rand, _, n int) error {
	tx, err := p.my.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	id := func(digit int64) int64 { return r.Int64N(p.rows/10)*10 + digit }
	for _, q := range []string{
		fmt.Sprintf("UPDATE big SET grp = grp + 1, t = CONCAT(t, 'w') WHERE id = %d", id(7)),
		fmt.Sprintf("DELETE FROM big WHERE id = %d", id(8)),
		fmt.Sprintf("INSERT INTO big SELECT "+plantedRow+" FROM (SELECT %d AS s) x", p.rows*10+int64(n)),
		"UPDATE big SET grp = grp + 1 WHERE id = 9",
	} {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%.80s: %w", q, err)
		}
	}
	return tx.Commit()
}

// plant changes n rows of the target and returns what is to be found.
func (p *planted) plant(n int) (want []string) {
	p.t.Helper()
	for i := range n {
		x := plants[i%len(plants)]
		// Also the first and the last rows of the table.
		id := (p.rows/10/int64(n)*int64(i)*10 + int64(i%5) + 1) % p.rows
		if i == n-1 {
			id = p.rows
		}
		if tag := p.target(x.change, id); tag.RowsAffected() != 1 {
			p.t.Fatalf("%s: %d rows for %d", x.change, tag.RowsAffected(), id)
		}
		if x.kind == "extraneous" {
			id = -id
		}
		want = append(want, fmt.Sprintf("%s %d %s", x.kind, id, x.column))
	}
	for i, h := range harmless {
		if p.documents || !strings.Contains(h, "SET j") {
			p.target(h, int64(i*1000+560))
		}
	}
	slices.Sort(want)
	return want
}

// verify runs the command and returns what it found in the table, and its exit code.
func (p *planted) verify(args ...string) (verify.Table, int) {
	p.t.Helper()
	var out, errOut bytes.Buffer
	code := run(context.Background(), append([]string{"verify", p.task, "--json"}, args...), strings.NewReader(""), &out, &errOut)
	var rep verify.Report
	if err := json.Unmarshal(out.Bytes(), &rep); err != nil || len(rep.Tables) != 1 {
		p.t.Fatalf("verify: exit code %d, %v: %s%s", code, err, out.String(), errOut.String())
	}
	return rep.Tables[0], code
}

func foundIn(t verify.Table) (got []string) {
	for _, d := range t.Diffs {
		s := fmt.Sprintf("%s %s %s", d.Kind, d.Key["id"], strings.Join(d.Columns, ","))
		if d.Unsettled {
			s += " unsettled"
		}
		got = append(got, s)
	}
	slices.Sort(got)
	return got
}

// highWater is the largest memory that the process has had since the last call, in MB.
func highWater() int {
	b, _ := os.ReadFile("/proc/self/status")
	kb := 0
	for _, l := range strings.Split(string(b), "\n") {
		if v, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			fmt.Sscan(v, &kb)
		}
	}
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	return kb / 1024
}

// TestPlantedDifferences plants 50 differences while the source is written to and the stream applies: all are found,
// and nothing else.
func TestPlantedDifferences(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		rows := int64(plantedRows)
		if strings.HasSuffix(t.Name(), "/mariadb") {
			rows /= 10
		}
		if s := os.Getenv("GODWIT_VERIFY_ROWS"); s != "" {
			rows, _ = strconv.ParseInt(s, 10, 64)
		}
		began := time.Now()
		p := newPlanted(t, fresh, rows)
		t.Logf("%d rows made in %.1f s", rows, time.Since(began).Seconds())
		began = time.Now()
		stopMove := p.follow()
		p.consistent()
		p.searchPath()
		t.Logf("loaded in %.1f s", time.Since(began).Seconds())
		highWater()
		began = time.Now()
		if r, code := p.verify("--static"); code != 0 || r.State != verify.Verified || r.SourceRows != rows {
			t.Fatalf("faithful copy: exit code %d, %+v", code, r)
		}
		quiet := time.Since(began)
		stopWrite := p.writers(1, 2*time.Millisecond, p.step)
		if r, code := p.verify(); code != 0 || r.State != verify.Verified {
			t.Errorf("faithful copy behind the stream: exit code %d, %+v", code, r)
		}
		want := p.plant(50)
		began = time.Now()
		r, code := p.verify()
		took := time.Since(began)
		if got := foundIn(r); code != exitDiffer || r.State != verify.Different || r.Truncated || !slices.Equal(got, want) {
			t.Errorf("exit code %d, state %s\nwant %q\ngot  %q", code, r.State, want, got)
		}
		mem := highWater()
		began = time.Now()
		if r, code = p.verify("--repair"); code != 0 || r.State != verify.Verified {
			t.Errorf("repair beside the stream: exit code %d, %+v", code, r)
		}
		t.Logf("repaired in %.1f s", time.Since(began).Seconds())
		n := stopWrite()
		if r, code := p.verify(); code != 0 || r.State != verify.Verified {
			t.Errorf("after the repair: exit code %d, %+v", code, r)
		}
		t.Logf("%d rows: %.1f s without a writer (%.0f rows/s), %.1f s with one and 50 differences (%d transactions in all), %d MB at most with the migration in the same process",
			rows, quiet.Seconds(), float64(rows)/quiet.Seconds(), took.Seconds(), n, mem)
		if log := stopMove(); !strings.Contains(log, "interrupted at") {
			t.Errorf("the migration ended by itself:\n%s", log)
		}
	})
}
