package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/ir/catalog"
	"godwit/runner/apply"
	"godwit/runner/change"
	"godwit/runner/check"
	"godwit/runner/postgres"
)

// A foreign key of the source that changes rows (CASCADE, SET NULL) must be on the target while changes are applied, since the log
// does not hold what it changes. Whether it will be there is known before the load: the converted schema makes it, or not.

// foreignKey is a statement of ours that makes a foreign key: table, columns, the other table, and what it does.
var foreignKey = regexp.MustCompile(`(?is)^ALTER TABLE (?:ONLY )?(\S+)\s+ADD (?:CONSTRAINT (?:"(?:[^"]|"")+"|\S+) )?FOREIGN KEY \(([^)]*)\)\s*REFERENCES\s+([^\s(]+)\s*\([^)]*\)(.*)$`)

// acts is a key of the set of foreign keys that change rows: when, how, from which columns of which table to which.
func acts(when, does, table, columns, other string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = plainName(n)
	}
	slices.Sort(names)
	full := func(name string) string {
		if name = plainName(name); !strings.Contains(name, ".") {
			name = "public." + name
		}
		return name
	}
	return strings.Join([]string{when, does, full(table), strings.Join(names, ","), full(other)}, "\x00")
}

// noteActing adds the actions of a statement.
func noteActing(have map[string]bool, sql string) {
	m := foreignKey.FindStringSubmatch(bare(sql))
	if m == nil {
		return
	}
	rest := strings.Join(strings.Fields(strings.ToUpper(m[4])), " ")
	for _, when := range []string{"ON DELETE", "ON UPDATE"} {
		for _, does := range []string{"CASCADE", "SET NULL"} {
			if strings.Contains(rest, when+" "+does) {
				have[acts(when, does, m[1], m[2], m[3])] = true
			}
		}
	}
}

// actionsMade are the acting foreign keys that the converted schema makes, or that the target has.
func (p *project) actionsMade(ctx context.Context) (map[string]bool, error) {
	have := map[string]bool{}
	_, err := os.Stat(filepath.Join(p.task.Convert.Folder, "order.txt"))
	switch {
	case err == nil:
		f, err := apply.Open(p.task.Convert.Folder)
		if err != nil {
			return nil, err
		}
		for _, file := range f.Files {
			for _, s := range file.Statements {
				noteActing(have, s.Text)
			}
		}
	case errors.Is(err, fs.ErrNotExist):
		for _, t := range p.conv.Translated() {
			for _, s := range t.Target {
				noteActing(have, s.SQL)
			}
		}
	default:
		return nil, fmt.Errorf("look for the converted folder: %w", err)
	}
	rows, err := p.pool.Query(ctx, `SELECT format('ALTER TABLE %s.%s ADD FOREIGN KEY (', n.nspname, c.relname)
		|| (SELECT string_agg(a.attname, ',') FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (f.conkey)) || ') REFERENCES '
		|| format('%s.%s (x) ', m.nspname, r.relname) || CASE f.confdeltype WHEN 'c' THEN 'ON DELETE CASCADE ' WHEN 'n' THEN 'ON DELETE SET NULL ' ELSE '' END
		|| CASE f.confupdtype WHEN 'c' THEN 'ON UPDATE CASCADE' WHEN 'n' THEN 'ON UPDATE SET NULL' ELSE '' END
		FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class c ON c.oid = f.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_catalog.pg_class r ON r.oid = f.confrelid JOIN pg_catalog.pg_namespace m ON m.oid = r.relnamespace WHERE f.contype = 'f'`)
	if err != nil {
		return nil, fmt.Errorf("read the target's foreign keys: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read the target's foreign keys: %w", err)
	}
	off, err := postgres.TakenOff(ctx, p.pool, p.task.Name)
	if err != nil {
		return nil, fmt.Errorf("read the foreign keys that a reload has taken off: %w", err)
	}
	for _, sql := range append(list, off...) {
		noteActing(have, sql)
	}
	return have, nil
}

// actionsLost names the acting foreign keys of the source, between tables that are moved, that the target will not have.
func (p *project) actionsLost(ctx context.Context) ([]string, error) {
	moved := map[string]*catalog.Table{}
	for _, t := range p.tables {
		moved[change.Key(t.Schema, t.Name)] = t
	}
	var have map[string]bool
	var lost []string
	for _, t := range p.tables {
		for _, fk := range t.ForeignKeys {
			other := moved[change.Key(orDefault(fk.RefSchema, t.Schema), fk.RefTable)]
			if other == nil || !change.HasAction(fk) {
				continue
			}
			if have == nil {
				var err error
				if have, err = p.actionsMade(ctx); err != nil {
					return nil, err
				}
			}
			var columns []string
			for _, name := range fk.Columns {
				if c := t.Column(name); c != nil {
					name = c.Target
				}
				columns = append(columns, name)
			}
			for _, a := range []struct{ when, does string }{{"ON DELETE", fk.OnDelete}, {"ON UPDATE", fk.OnUpdate}} {
				if a.does != "CASCADE" && a.does != "SET NULL" || a.when == "ON UPDATE" && other == t { // InnoDB takes the latter for RESTRICT
					continue
				}
				if !have[acts(a.when, a.does, targetSchema(t)+"."+t.Target, strings.Join(columns, ","), targetSchema(other)+"."+other.Target)] {
					lost = append(lost, fmt.Sprintf("%s.%s: %s (%s) to %s.%s %s %s", t.Schema, t.Name, fk.Name, strings.Join(fk.Columns, ", "), other.Schema, other.Name, a.when, a.does))
				}
			}
		}
	}
	return lost, nil
}

// actionsFix is the way out where an acting foreign key is not on the target.
const actionsFix = "give the referenced columns a unique key on the source, or write the key in the converted folder, or exclude the tables that have it (tables.exclude)"

// checkActions is the check of it.
func (p *project) checkActions(ctx context.Context) check.Result {
	r := check.Result{ID: "source-actions", End: "source", Title: "Foreign keys that change rows are converted", Status: check.Passed}
	lost, err := p.actionsLost(ctx)
	switch {
	case err != nil:
		r.Status, r.Found = check.Failed, "could not be examined: "+err.Error()
	case len(lost) > 0:
		r.Status, r.Found, r.Objects = check.Failed, fmt.Sprintf("%d foreign keys that change rows will not be on the target", len(lost)), lost
		r.Why = "the log does not hold what CASCADE and SET NULL change; without the key the target keeps those rows, and the change stream refuses to start"
		r.Fix = actionsFix
	default:
		r.Found = "all of them will be on the target"
	}
	return r
}

// acting refuses to load tables whose changes could not be followed.
func (p *project) acting(ctx context.Context) error {
	lost, err := p.actionsLost(ctx)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("foreign keys that change rows on the source will not be on the target, and the log does not hold what they change: %s; %s", strings.Join(lost, "; "), actionsFix)
	}
	return err
}
