// Package ignoredkeys holds the rule for inserts that skip rows whose key is there.
package ignoredkeys

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

const code = "QY0722"

var unclear = &diag.Code{
	ID: "QY0723", Title: "Key whose duplicates are to be skipped that cannot be told", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "IGNORE_ROW_ON_DUPKEY_INDEX must name the table of the INSERT and a unique key of columns, of which none may be NULL where there are several (SQL Language Reference, Hints). Beside RETURNING and LOG ERRORS it is not converted.",
	Next: "Write MERGE, or leave the rows out that are there.", Each: 0.2,
}

// Rule is QY0722.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "ignored-keys",
		Doc: "INSERT with the hint IGNORE_ROW_ON_DUPKEY_INDEX skips rows whose key is there (SQL Language Reference, Hints), as ON CONFLICT (columns) DO NOTHING does; other keys raise their errors.",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER, b NUMBER, CONSTRAINT t_pk PRIMARY KEY (a));",
			Source: "INSERT /*+ IGNORE_ROW_ON_DUPKEY_INDEX(t, t_pk) */ INTO t VALUES (1, 2);",
			Target: "INSERT INTO t VALUES (1, 2) ON CONFLICT (a) DO NOTHING;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindInsert),
		Run: func(p *rewrite.Pass) {
			p.Statements(func(n ir.Node) ir.Node {
				if i, ok := n.(*ir.Insert); ok && i.IgnoredKey != nil {
					skip(p, i)
				}
				return n
			})
		},
	}
}

func skip(p *rewrite.Pass, i *ir.Insert) {
	k := i.IgnoredKey
	columns := columns(i)
	if columns == nil || len(i.Returning) > 0 || i.LogErrors != nil || i.Conflict != nil {
		rewrite.Refuse(p, unclear, i.Span, "IGNORE_ROW_ON_DUPKEY_INDEX of %s", strings.TrimSpace(k.Table+" "+k.Index))
		return
	}
	c := &ir.Conflict{Nothing: true}
	c.Span = i.Span
	for _, x := range columns {
		n := &ir.Name{Parts: []ir.Ident{{Text: x.Name}}, Ref: &ir.ColumnRef{Table: i.Table.Table, Column: x}}
		n.Type, n.Span = x.Type, i.Span
		c.Columns = append(c.Columns, n)
	}
	c.Made(code)
	i.Conflict, i.IgnoredKey = c, nil
}

// columns are those of the key that an INSERT names, nil if it is not known.
func columns(i *ir.Insert) []*catalog.Column {
	k, t := i.IgnoredKey, i.Table.Table
	if t == nil || k.Table != strings.ToUpper(i.Table.Name.Name()) && k.Table != strings.ToUpper(i.Table.Alias.Text) {
		return nil
	}
	for _, key := range t.Keys {
		if key.Kind != catalog.Primary && key.Kind != catalog.Unique || !named(k, t, key) {
			continue
		}
		list := tree.KeyColumns(t, key)
		if len(list) > 1 && slices.ContainsFunc(list, func(c *catalog.Column) bool { return c.Nullable && key.Kind != catalog.Primary }) {
			return nil
		}
		return list
	}
	return nil
}

// named tells the key that is meant.
func named(k *ir.IgnoredKey, t *catalog.Table, key *catalog.Key) bool {
	if k.Index != "" {
		return key.Name == k.Index
	}
	var names []string
	for _, c := range tree.KeyColumns(t, key) {
		names = append(names, c.Name)
	}
	return len(names) > 0 && slices.Equal(names, k.Columns)
}
