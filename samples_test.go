package godwit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/emit/postgres"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

// sample is a database that people convert first.
type sample struct {
	name   string
	schema string // database in use in front of the files, "" if they say it themselves
	files  []string
}

var samples = []sample{
	{
		name: "sakila", files: []string{"testdata/sakila/mysql-sakila-schema.sql"},
	},
	{
		name: "employees", files: []string{"testdata/employees/employees.sql", "testdata/employees/objects.sql"},
	},
	{name: "employees_partitioned", files: []string{"testdata/employees/employees_partitioned.sql"}},
	{
		name: "dms_sample", schema: "dms_sample", files: dmsSample,
	},
}

// dmsSample is the order in which install-rds.sql and what it includes name the files; the rows are left out.
var dmsSample = func() []string {
	const names = `create_dms_sample.sql mlb_data.tab name_data.tab nfl_data.tab nfl_stadium_data.tab seat_type.tab sport_type.tab sport_league.tab
		sport_location.tab sport_division.tab sport_team.tab seat.tab player.tab person.tab sporting_event.tab set_mlb_team_home_field.sql set_nfl_team_home_field.sql
		generate_mlb_season.sql generate_nfl_season.sql sporting_event_ticket.tab ticket_purchase_hist.tab generate_tickets.sql generate_sport_tickets.sql
		sell_tickets.sql transfer_tickets.sql generate_ticket_activity.sql generate_transfer_activity.sql sporting_event_info.vw sporting_event_ticket_info.vw`
	var out []string
	for _, n := range strings.Fields(names) {
		out = append(out, "testdata/dms_sample/mysql/schema/"+n)
	}
	return out
}()

func (s sample) read(t *testing.T) []*source.File {
	t.Helper()
	var out []*source.File
	for _, n := range s.files {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, source.NewFile(n, string(b)))
	}
	return out
}

func (s sample) convert(t *testing.T, version int) *Conversion {
	t.Helper()
	c, err := Convert(s.read(t), Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: version, Schema: s.schema})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSamples converts the sample databases whole, loads the result on the oldest and the newest server, and holds the counts
// against testdata/samples.golden.md.
func TestSamples(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Sample databases\n\nWritten by `go test -run TestSamples -update .`: what becomes of the objects of the sample databases on PostgreSQL 15.\n")
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			for _, version := range []int{15, 18} {
				c := s.convert(t, version)
				sameTwice(t, c, s.convert(t, version))
				if version == 15 {
					sampleCounts(&b, s, c)
				}
				s.load(t, c, version)
			}
		})
	}
	if !t.Failed() {
		checkGolden(t, "testdata/samples.golden.md", b.String())
	}
}

func sameTwice(t *testing.T, a, b *Conversion) {
	t.Helper()
	x, y := a.Files(), b.Files()
	if len(x) != len(y) {
		t.Fatalf("%d files, and %d the second time", len(x), len(y))
	}
	for i := range x {
		if x[i].Path != y[i].Path || x[i].Text != y[i].Text || x[i].Load != y[i].Load {
			t.Errorf("%s differs the second time", x[i].Path)
		}
	}
}

// load runs the files in the order of order.txt.
func (s sample) load(t *testing.T, c *Conversion, version int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, version, "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SET check_function_bodies = on"); err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Files() {
		if !f.Load {
			continue
		}
		for _, sql := range postgres.Split(f.Text) {
			if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Errorf("PostgreSQL %d: %s: %v\n%s", version, f.Path, err, sql)
			}
		}
	}
	if version == 15 {
		checkBodies(ctx, t, conn, c)
	}
}

// temporary finds the tables that routines make for themselves: plpgsql_check looks them up while it reads a body.
var temporary = regexp.MustCompile(`(?s)(CREATE TEMPORARY TABLE) (\w+ \(.*?\n\s*\))[^;()]*;`)

// checkBodies holds the functions to the checks of plpgsql_check, where the server has it.
func checkBodies(ctx context.Context, t *testing.T, conn *pgx.Conn, c *Conversion) {
	t.Helper()
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check')").Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		t.Log("the server has no plpgsql_check")
		return
	}
	setup := "CREATE EXTENSION plpgsql_check;"
	for _, f := range c.Files() {
		if f.Load {
			setup += temporary.ReplaceAllString(strings.Join(temporary.FindAllString(f.Text, -1), "\n"), "$1 IF NOT EXISTS $2;")
		}
	}
	if _, err := conn.Exec(ctx, setup, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	const q = `SELECT p.proname, m FROM pg_proc p
		JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
		JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
		LEFT JOIN pg_trigger g ON g.tgfoid = p.oid,
		plpgsql_check_function(p.oid, coalesce(g.tgrelid, 0), other_warnings => false, extra_warnings => false) m`
	rs, err := conn.Query(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	for rs.Next() {
		var name, message string
		if err := rs.Scan(&name, &message); err != nil {
			t.Fatal(err)
		}
		t.Errorf("plpgsql_check on %s: %s", name, message)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
}

// sampleCounts writes how many objects of each kind were converted, and names those that were not.
func sampleCounts(b *strings.Builder, s sample, c *Conversion) {
	type count struct{ exact, assumed, approximate, refused int }
	counts := map[string]*count{}
	var refused []string
	source, target := 0, 0
	for _, x := range c.Statements() {
		k := counts["statement: "+x.Kind.String()]
		if k == nil {
			k = &count{}
			counts["statement: "+x.Kind.String()] = k
		}
		switch x.Status {
		case diag.Exact:
			k.exact++
		case diag.Assumed:
			k.assumed++
		case diag.Approximate:
			k.approximate++
		default:
			k.refused++
			for _, f := range x.Findings {
				if f.Severity == diag.Error {
					refused = append(refused, fmt.Sprintf("statement at %s:%d: %s %s", x.File, x.Line, f.Code, oneLine(f.Message)))
					break
				}
			}
		}
	}
	for _, o := range c.Objects() {
		k := counts[o.Kind]
		if k == nil {
			k = &count{}
			counts[o.Kind] = k
		}
		switch o.Status {
		case diag.Exact:
			k.exact++
		case diag.Assumed:
			k.assumed++
		case diag.Approximate:
			k.approximate++
		default:
			k.refused++
			why := ""
			for _, f := range o.Findings {
				if why == "" && (f.Fidelity == diag.Refused || f.Severity == diag.Error) { // a routine that only raises keeps the error
					why = f.Code + " " + oneLine(f.Message)
				}
			}
			if r := []rune(why); len(r) > 120 {
				why = string(r[:120]) + " …"
			}
			refused = append(refused, fmt.Sprintf("%s %s: %s", o.Kind, o.Name, why))
		}
		source += o.SourceLines
		target += o.TargetLines
	}
	fmt.Fprintf(b, "\n## %s\n\n%d source lines of objects became %d lines, with %d helper routines.\n\n", s.name, source, target, len(c.Helpers))
	b.WriteString("| kind | exact | assumed | approximate | refused |\n|---|---:|---:|---:|---:|\n")
	kinds := make([]string, 0, len(counts))
	for k := range counts {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		x := counts[k]
		fmt.Fprintf(b, "| %s | %d | %d | %d | %d |\n", k, x.exact, x.assumed, x.approximate, x.refused)
	}
	if len(refused) > 0 {
		b.WriteString("\nRefused:\n\n")
		for _, r := range refused {
			b.WriteString("- " + strings.ReplaceAll(r, filepath.ToSlash("testdata/"), "") + "\n")
		}
	}
}
