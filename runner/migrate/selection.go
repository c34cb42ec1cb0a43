package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"godwit/runner/change"
)

// selectionForm marks a selection that tells its tables one by one: the policies, then a line for each table, then one for
// each column with policies of its own.
const selectionForm = "tables 1 "

// ownMark begins the line of a column with policies of its own.
const ownMark = "= "

func fingerprint(task *Task, tables []*change.Table) string {
	var b, own strings.Builder
	policy := task.Values.Policy()
	b.WriteString(selectionForm + policySum(policy))
	inOrder := slices.SortedFunc(slices.Values(tables), func(x, y *change.Table) int { return strings.Compare(x.Name(), y.Name()) })
	for _, t := range inOrder { // the order of the source's schema changes with the schema
		s := fmt.Sprintf("%q %q\n", t.Catalog.TargetSchema, t.Catalog.Target)
		for _, c := range t.Columns {
			s += fmt.Sprintf("  %q %q %q\n", c.Name, c.Target, c.Type)
			name := change.ColumnName(t.Catalog, c.Name)
			if p, ok := policy.Columns[name]; ok {
				fmt.Fprintf(&own, "\n%s%q %q %q %q", ownMark, name, p.ZeroDates, p.NUL, p.InvalidText)
			}
		}
		b.WriteString("\n" + short(s) + " " + t.Name())
	}
	return b.String() + own.String()
}

// policySum is the form of the policies of the whole task. It is as it was before there were those of invalid text, for
// tasks that began then.
func policySum(p change.Policy) string {
	s := fmt.Sprintf("%q %q", p.ZeroDates, p.NUL)
	if p.InvalidText != change.Stop {
		s += fmt.Sprintf(" %q", p.InvalidText)
	}
	return short(s)
}

func short(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:12])
}

// selected is a selection taken apart.
type selected struct {
	policies string
	tables   map[string]string
	own      map[string]change.Policy
}

// readSelection takes a selection apart; ok is false for one of an older form.
func readSelection(s string) (out selected, ok bool) {
	rest, ok := strings.CutPrefix(s, selectionForm)
	if !ok {
		return out, false
	}
	lines := strings.Split(rest, "\n")
	out = selected{lines[0], map[string]string{}, map[string]change.Policy{}}
	for _, l := range lines[1:] {
		if own, is := strings.CutPrefix(l, ownMark); is {
			var name string
			var p change.Policy
			if _, err := fmt.Sscanf(own, "%q %q %q %q", &name, &p.ZeroDates, &p.NUL, &p.InvalidText); err != nil {
				return out, false
			}
			out.own[name] = p
			continue
		}
		sum, name, _ := strings.Cut(l, " ")
		out.tables[name] = sum
	}
	return out, true
}

// differs tells how the selection is other than a stored one; an error when a task cannot go on with it. Where neither a
// table was added nor removed, policies were changed that nothing on the target depends on: nothing does while no row is there.
func (r *runner) differs(stored string, untouched bool) (added, removed []string, err error) {
	if stored == r.selection {
		return nil, nil, nil
	}
	refuse := func(what string) ([]string, []string, error) {
		return nil, nil, fmt.Errorf("%w: %s of task %s changed since it was started; restore them, or give the task a new name and "+
			"empty target tables", ErrOtherTask, what, r.task.Name)
	}
	had, ok := readSelection(stored)
	have, _ := readSelection(r.selection)
	if !ok {
		return refuse("tables, columns or value policies")
	}
	if what := r.tightened(had, have.policies); what != "" && !untouched {
		return refuse("the value policies" + what)
	}
	var other []string
	for name, sum := range have.tables {
		switch was, known := had.tables[name]; {
		case !known:
			added = append(added, name)
		case was != sum:
			other = append(other, name)
		}
	}
	for name := range had.tables {
		if _, kept := have.tables[name]; !kept {
			removed = append(removed, name)
		}
	}
	slices.Sort(other)
	if len(other) > 0 {
		return refuse("the columns of " + strings.Join(other, ", "))
	}
	slices.Sort(added)
	slices.Sort(removed)
	return added, removed, nil
}

// samePolicies tells that two selections differ in their tables' order only, if neither has tables that the other has not.
func samePolicies(a, b string) bool {
	x, okX := readSelection(a)
	y, okY := readSelection(b)
	return okX && okY && x.policies == y.policies && maps.EqualFunc(x.own, y.own, func(p, q change.Policy) bool {
		return p.ZeroDates == q.ZeroDates && p.NUL == q.NUL && p.InvalidText == q.InvalidText
	})
}

// tightened names the policies that are others than those a task went on under, other than stop: under stop nothing was
// changed, so what is on the target is the same under every policy, and a task that a value has stopped can go on.
func (r *runner) tightened(had selected, policies string) string {
	now := r.task.Values.Policy()
	was := &change.Policy{ZeroDates: now.ZeroDates, NUL: now.NUL, InvalidText: now.InvalidText}
	if had.policies != policies {
		was = hadPolicy(had.policies, now)
	}
	if was == nil {
		return " (values.zero_dates, values.nul, values.invalid_text)"
	}
	was.Columns = had.own
	for _, t := range r.tables {
		if _, known := had.tables[t.Name()]; !known {
			continue
		}
		for _, c := range t.Columns {
			a, b := was.Of(t.Catalog, c.Name), now.Of(t.Catalog, c.Name)
			if changed(a.ZeroDates, b.ZeroDates) || changed(a.NUL, b.NUL) || changed(a.InvalidText, b.InvalidText) {
				return " of column " + change.ColumnName(t.Catalog, c.Name)
			}
		}
	}
	return ""
}

func changed(was, now string) bool { return was != now && was != change.Stop }

// hadPolicy finds the policies of the whole task that a sum stands for, among those that now's may come from; nil if it is
// none of them.
func hadPolicy(sum string, now change.Policy) *change.Policy {
	for subset := range 8 {
		p := change.Policy{ZeroDates: now.ZeroDates, NUL: now.NUL, InvalidText: now.InvalidText}
		for i, field := range []*string{&p.ZeroDates, &p.NUL, &p.InvalidText} {
			if subset>>i&1 == 1 {
				*field = change.Stop
			}
		}
		if policySum(p) == sum {
			return &p
		}
	}
	return nil
}

// columns are the moved tables' columns, by table.
func (r *runner) columns() map[string][]string {
	out := map[string][]string{}
	for _, t := range r.tables {
		for _, c := range t.Columns {
			out[t.Name()] = append(out[t.Name()], change.ColumnName(t.Catalog, c.Name))
		}
	}
	return out
}

// policiesFollow refuses names that columns exchanged where their policies differ: each would have the other's from now on, and
// the task file means the columns as they were.
func (r *runner) policiesFollow(renamed []Renamed) error {
	for _, n := range renamed {
		if was, is := r.task.Values.Columns[n.Was], r.task.Values.Columns[n.Is]; was != is {
			return fmt.Errorf("%s is %s now, which has other policies in values.columns", n.Was, n.Is)
		}
	}
	return nil
}

// policiesKept refuses a schema change that may have renamed a column with policies of its own: under its new name it would
// have those of the task. A column that was dropped needs none.
func (r *runner) policiesKept(was map[string][]string) error {
	now := r.columns()
	for table, columns := range was {
		for _, name := range columns {
			if _, own := r.task.Values.Columns[name]; !own || slices.Contains(now[table], name) {
				continue
			}
			for other, columns := range now {
				for _, n := range columns {
					if (other == table || was[other] == nil) && !slices.Contains(was[other], n) {
						return fmt.Errorf("%s has policies of its own in values.columns, and may be %s now", name, n)
					}
				}
			}
			r.log.Warn("a column with policies of its own is gone: remove its line from values.columns", "column", name)
		}
	}
	return nil
}
