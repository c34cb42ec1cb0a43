package main

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit"
	"godwit/runner/apply"
	"godwit/runner/change"
)

// The folder has the triggers of the schema that the task began with, and the cutover applies them. Where a schema change of the
// source has made or dropped a trigger since, the file is of an older table: it would put a function back that names columns which
// are gone, or a trigger that the source has no more.

var (
	droppedTrigger = regexp.MustCompile(`(?is)^DROP TRIGGER (?:IF EXISTS )?("(?:[^"]|"")+"|[^\s"]+)\s+ON\s+((?:"(?:[^"]|"")+"|[^\s".;]+)(?:\.(?:"(?:[^"]|"")+"|[^\s".;]+))?)`)
	droppedTable   = regexp.MustCompile(`(?is)^DROP TABLE (?:IF EXISTS )?(.+?)(?:\s+CASCADE)?;?\s*$`)
	renamedTable   = regexp.MustCompile(`(?is)^ALTER TABLE (?:IF EXISTS )?((?:"(?:[^"]|"")+"|[^\s".;]+)(?:\.(?:"(?:[^"]|"")+"|[^\s".;]+))?)\s+(RENAME TO|SET SCHEMA)\s+("(?:[^"]|"")+"|[^\s";]+)`)
)

// superseded is what schema changes did to triggers.
type superseded struct {
	triggers map[string]bool   // made or dropped: name and table
	dropped  map[string]bool   // tables
	renamed  map[string]string // tables, by the names that they began with: their names now
}

// supersededBy reads the statements of converted schema changes.
func supersededBy(conv *godwit.Conversion) *superseded {
	out := &superseded{map[string]bool{}, map[string]bool{}, map[string]string{}}
	for _, t := range conv.Translated() {
		for _, s := range t.Target {
			out.note(bare(s.SQL))
		}
	}
	return out
}

func (s *superseded) note(sql string) {
	if m := trigger.FindStringSubmatch(sql); m != nil {
		s.triggers[plainName(m[1])+" "+plainName(m[2])] = true
	} else if m := droppedTrigger.FindStringSubmatch(sql); m != nil {
		s.triggers[plainName(m[1])+" "+plainName(m[2])] = true
	} else if m := droppedTable.FindStringSubmatch(sql); m != nil {
		for _, name := range strings.Split(m[1], ",") {
			s.dropped[plainName(name)] = true
		}
	} else if m := renamedTable.FindStringSubmatch(sql); m != nil {
		from, to := plainName(m[1]), plainName(m[3])
		if strings.EqualFold(m[2], "SET SCHEMA") {
			_, table, _ := strings.Cut(from, ".")
			to += "." + table
		}
		s.rename(from, to)
	}
}

// rename follows a table from name to name.
func (s *superseded) rename(from, to string) {
	if schema, _, ok := strings.Cut(from, "."); ok && !strings.Contains(to, ".") {
		to = schema + "." + to
	}
	for began, now := range s.renamed {
		if now == from {
			s.renamed[began] = to
			return
		}
	}
	s.renamed[from] = to
}

// plainName is a name as both the folder and the changes have it, however it is quoted.
func plainName(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(name, `"`, ""))
}

// folderTrigger is a trigger that a file of the folder makes.
type folderTrigger struct {
	name, table string
	statements  []string // of the file
}

// triggerOf reads the trigger of a file; ok is false for other files.
func triggerOf(f *apply.File) (t folderTrigger, ok bool) {
	if f.Kind != "trigger" {
		return t, false
	}
	for _, st := range f.Statements {
		sql := bare(st.Text)
		t.statements = append(t.statements, sql)
		if m := trigger.FindStringSubmatch(sql); m != nil {
			t.name, t.table, ok = plainName(m[1]), plainName(m[2]), true
		}
	}
	return t, ok
}

// bare is a statement without the comments in front of it.
func bare(sql string) string {
	for {
		sql = strings.TrimSpace(sql)
		line, rest, _ := strings.Cut(sql, "\n")
		if !strings.HasPrefix(line, "--") {
			return sql
		}
		sql = rest
	}
}

// current is the folder without the triggers that schema changes have superseded: made anew, dropped, or taken along with a table
// that was dropped or renamed.
func (m *mover) current(ctx context.Context) (f *apply.Folder, left []string, err error) {
	out := *m.folder
	out.Files = nil
	for _, file := range m.folder.Files {
		gone, err := m.p.gone(ctx, file)
		if err != nil {
			return nil, nil, err
		}
		if gone {
			left = append(left, file.Path)
			continue
		}
		out.Files = append(out.Files, file)
	}
	return &out, left, nil
}

// gone tells that a schema change has superseded the trigger of a file. Of a table that was renamed, the
// triggers must be on the target, or the file is applied and fails: a change that was made by hand may have lost them.
func (p *project) gone(ctx context.Context, file *apply.File) (gone bool, err error) {
	t, ok := triggerOf(file)
	switch {
	case !ok || p.since == nil:
		return false, nil
	case p.since.triggers[t.name+" "+t.table], p.since.dropped[t.table]:
		return true, nil
	case p.since.renamed[t.table] != "":
		err = p.pool.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass($1) AND obj_description(oid, 'pg_trigger') = $2)`,
			pgx.Identifier(strings.Split(p.since.renamed[t.table], ".")).Sanitize(), change.OffUntilCutover(p.task.Name)).Scan(&gone)
	}
	return gone, err
}

// along are the statements that make the folder's triggers of tables which a schema change renames: made before it, they go along
// with the table.
func (p *project) along(statements []string) (out []string, err error) {
	renamed := map[string]bool{}
	for _, s := range statements {
		if m := renamedTable.FindStringSubmatch(s); m != nil {
			renamed[plainName(m[1])] = true
		}
	}
	if len(renamed) == 0 {
		return nil, nil
	}
	f, _, err := p.folder()
	if err != nil {
		return nil, err
	}
	for _, file := range f.Files {
		t, ok := triggerOf(file)
		if !ok || !renamed[t.table] || p.since != nil && (p.since.triggers[t.name+" "+t.table] || p.since.dropped[t.table] || p.since.renamed[t.table] != "") {
			continue
		}
		out = append(out, t.statements...)
	}
	return out, nil
}
