package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/altertable"
	"godwit/ir/types"
	"godwit/parser"
	"godwit/parser/scan"
	"godwit/runner/change"
	"godwit/runner/migrate"
)

// A schema change of a running task meets rows. The log of the source has the statement and not what it made of them, so the
// target must come to the same values by itself: what is not known to do that is refused, however well the statement converts.

// reloadNext is the way out where the rows of a table cannot be brought to the source's values.
const reloadNext = "the rows that are there would not be the source's; when the change was made by hand, load the table again (godwit reload)"

// rowsChange is what an ALTER TABLE does to rows.
type rowsChange struct {
	c      *change.Change
	after  *catalog.Table
	zone   *time.Location // of the session; nil: not known
	strict bool
	third  map[string]string // columns that exchange names: their names before, by those between
	names  map[string]string // names that columns have now, folded, and those that they had
	fill   []string          // statements that give rows the source's values
}

// keepRows lists the statements behind a schema change that bring the rows which are there to the source's values, and the columns
// that have other names. The error tells why that is not possible.
func (p *project) keepRows(ctx context.Context, c *change.Change, tables []*catalog.Table) ([]string, []migrate.Renamed, error) {
	if c.Table == nil {
		return nil, nil, nil
	}
	units, err := parser.Parse(changeFile(1, change.SchemaRecord{Schema: c.Schema, SQLMode: c.SQLMode, Text: c.Statement}),
		scan.Options{Dialect: p.options.From, Settings: p.options.Settings})
	if err != nil {
		return nil, nil, err
	}
	r := rowsChange{c: c, strict: strings.Contains(c.SQLMode, "STRICT_"), names: map[string]string{}}
	if r.zone, err = p.zoneOf(ctx, c); err != nil {
		return nil, nil, err
	}
	for _, u := range units {
		for _, s := range u.Stmts {
			at, ok := s.(*ir.AlterTable)
			if !ok {
				continue
			}
			if r.after = r.changed(tables); r.after == nil {
				return nil, nil, fmt.Errorf("the table is not found behind the change; %s", reloadNext)
			}
			for _, a := range at.Actions {
				if err := r.action(a); err != nil {
					return nil, nil, fmt.Errorf("%w; %s", err, reloadNext)
				}
			}
		}
	}
	return r.fill, r.renamed(), nil
}

// rename notes that a column got another name.
func (r *rowsChange) rename(old, name string) {
	old, name = strings.ToLower(old), strings.ToLower(name)
	was := cmp.Or(r.names[old], old)
	delete(r.names, old)
	r.names[name] = was
}

// renamed lists the columns that have other names behind the change.
func (r *rowsChange) renamed() (out []migrate.Renamed) {
	for name, old := range r.names {
		was, is := r.c.Table.Catalog.Column(old), r.after.Column(name)
		if was != nil && is != nil && name != old {
			out = append(out, migrate.Renamed{Was: change.ColumnName(r.c.Table.Catalog, was.Name), Is: change.ColumnName(r.after, is.Name)})
		}
	}
	return out
}

// changed is the table behind the change, which may have another name.
func (r *rowsChange) changed(tables []*catalog.Table) *catalog.Table {
	name := change.Name{Schema: r.c.Table.Catalog.Schema, Table: r.c.Table.Catalog.Name}
	for _, o := range r.c.Origins {
		if o.Was == name {
			name = o.Table
			break
		}
	}
	for _, t := range tables {
		if t.Schema == name.Schema && t.Name == name.Table {
			return t
		}
	}
	return nil
}

func (r *rowsChange) action(a *ir.AlterAction) error {
	switch a.Kind {
	case "add column":
		return r.added(a.Column)
	case "rename column":
		r.rename(a.Old.Text, a.New.Name())
		if strings.HasPrefix(a.New.Name(), ir.ThirdName) {
			if r.third == nil {
				r.third = map[string]string{}
			}
			r.third[a.New.Name()] = a.Old.Text
		}
	case "modify column", "change column":
		old := cmp.Or(r.third[a.Old.Text], a.Old.Text)
		if a.Kind == "modify column" {
			old = a.Column.Name.Text
		} else {
			r.rename(a.Old.Text, a.Column.Name.Text)
		}
		return r.retyped(r.c.Table.Catalog.Column(old), r.after.Column(a.Column.Name.Text), old)
	case "convert charset":
		for _, was := range r.c.Table.Catalog.Columns {
			if is := r.after.Column(was.Name); is != nil && !altertable.Recodes(was.Type, is.Type) {
				return fmt.Errorf("column %s may have lost characters", was.Name)
			}
		}
	}
	return nil
}

// added is about the values that rows get in a new column.
func (r *rowsChange) added(def *ir.ColumnDef) error {
	c := r.after.Column(def.Name.Text)
	if c == nil || c.Generated != catalog.NotGenerated {
		return nil
	}
	_, instant := c.Type.(types.Timestamp)
	value := def.Default
	if u, ok := value.(*ir.Unary); ok {
		value = u.X
	}
	switch value.(type) {
	case nil:
		if def.AutoIncrement {
			return fmt.Errorf("column %s numbers the rows in an order that only the source knows", c.Name)
		}
		if instant && !def.NullWord {
			return fmt.Errorf("what a TIMESTAMP without DEFAULT or NULL is depends on the server (column %s)", c.Name)
		}
	case *ir.Now:
		return r.moment(c)
	case *ir.Number, *ir.Bytes, *ir.Null, *ir.Bool:
	case *ir.String, *ir.Temporal:
		if instant && r.zone != time.UTC {
			return fmt.Errorf("the default of column %s is an instant in the session's time zone %q", c.Name, r.c.Zone)
		}
	default:
		return fmt.Errorf("the default of column %s is computed for each row", c.Name)
	}
	return nil
}

// moment gives rows the moment at which the source added the column.
func (r *rowsChange) moment(c *catalog.Column) error {
	layout, literal, precision := "2006-01-02 15:04:05", "timestamp", 0
	at := r.c.When
	switch ty := c.Type.(type) {
	case types.DateTime:
		if r.zone == nil {
			return fmt.Errorf("column %s gets the source's time in the session's time zone %q, which is not known", c.Name, r.c.Zone)
		}
		at, precision = at.In(r.zone), ty.Precision
	case types.Timestamp:
		at, precision, literal = at.UTC(), ty.Precision, "timestamptz"
	default:
		return fmt.Errorf("column %s gets the source's time", c.Name)
	}
	if at.IsZero() || precision > 0 && !r.c.Micros {
		return fmt.Errorf("column %s gets the source's time, which is not in its log", c.Name)
	}
	text := at.Truncate(time.Second).Format(layout)
	if precision > 0 {
		text += ("." + fmt.Sprintf("%06d", at.Nanosecond()/1000))[:precision+1]
	}
	if literal == "timestamptz" {
		text += "+00"
	}
	r.fill = append(r.fill, fmt.Sprintf("UPDATE %s SET %s = %s '%s'", pgx.Identifier{r.after.TargetSchema, r.after.Target}.Sanitize(),
		pgx.Identifier{c.Target}.Sanitize(), literal, text))
	return nil
}

// retyped is about values that a column keeps under another type.
func (r *rowsChange) retyped(was, is *catalog.Column, name string) error {
	if was == nil || is == nil {
		return fmt.Errorf("column %s is not found before or behind the change", name)
	}
	if is.AutoIncrement && !was.AutoIncrement {
		return fmt.Errorf("column %s becomes AUTO_INCREMENT, which gives rows with 0 a number", name)
	}
	if !altertable.Keeps(was.Type, is.Type, r.strict, r.zone == time.UTC) {
		return fmt.Errorf("values of column %s may become others from %s to %s on the source and on the target", name, was.Type, is.Type)
	}
	return nil
}

// zoneOf is the time zone of the session that ran a schema change, nil if it is not known.
func (p *project) zoneOf(ctx context.Context, c *change.Change) (*time.Location, error) {
	zone := c.Zone
	if zone == "SYSTEM" {
		if err := p.db.QueryRowContext(ctx, "SELECT @@system_time_zone").Scan(&zone); err != nil {
			return nil, fmt.Errorf("read the source's time zone: %w", err)
		}
	}
	switch zone {
	case "", "UTC", "+00:00", "-00:00": // "" is not told, as it was of no account
		return time.UTC, nil
	}
	m := offset.FindStringSubmatch(zone)
	if m == nil {
		return nil, nil
	}
	h, _ := strconv.Atoi(m[2])
	min, _ := strconv.Atoi(m[3])
	n := h*3600 + min*60
	if m[1] == "-" {
		n = -n
	}
	return time.FixedZone(zone, n), nil
}

var offset = regexp.MustCompile(`^([+-])(\d+):(\d\d)$`)

// trigger is a statement of ours that makes a trigger: its name and its table.
var trigger = regexp.MustCompile(`(?s)^CREATE (?:OR REPLACE )?TRIGGER ("(?:[^"]|"")+"|[^\s"]+)\s.*?\sON ((?:"(?:[^"]|"")+"|[^\s".]+)(?:\.(?:"(?:[^"]|"")+"|[^\s".]+))?)\s+FOR EACH`)

// quiet puts triggers that a schema change makes off until the cutover: the changes of the stream have what triggers do on the
// source already.
func quiet(task string, statements []string) ([]string, error) {
	var out []string
	for _, s := range statements {
		out = append(out, s)
		if !strings.HasPrefix(s, "CREATE TRIGGER") && !strings.HasPrefix(s, "CREATE OR REPLACE TRIGGER") {
			continue
		}
		m := trigger.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("it makes a trigger, which would change rows that the stream brings")
		}
		out = append(out, fmt.Sprintf("ALTER TABLE %s DISABLE TRIGGER %s", m[2], m[1]),
			fmt.Sprintf("COMMENT ON TRIGGER %s ON %s IS %s", m[1], m[2], "'"+strings.ReplaceAll(change.OffUntilCutover(task), "'", "''")+"'"))
	}
	return out, nil
}
