package migrate

import (
	"fmt"

	"godwit/runner/change"
	"godwit/runner/postgres"
)

// advised adds the next step to an error of the target that the task's own policies led to.
func (r *runner) advised(err error) error {
	schema, table, column, ok := postgres.NullRefused(err)
	if !ok {
		return err
	}
	policy := r.task.Values.Policy()
	for _, t := range r.tables {
		if t.Catalog.Target != table || t.Catalog.TargetSchema != "" && t.Catalog.TargetSchema != schema {
			continue
		}
		for _, c := range t.Columns {
			if c.Target == column && policy.Of(t.Catalog, c.Name).ZeroDates == "null" {
				name := change.ColumnName(t.Catalog, c.Name)
				return fmt.Errorf("%w; the source has a zero date in %s, which values.zero_dates makes NULL, and the column is NOT NULL: give it a date of its own (values: {columns: {%s: {zero_dates: \"0001-01-01\"}}})", err, name, name)
			}
		}
	}
	return err
}

// untouched tells that the target holds nothing of the rows yet, so that nothing there depends on the policies.
func untouched(st change.State) bool {
	if st.Phase != change.PhaseLoading {
		return false
	}
	for _, chunks := range st.Chunks {
		for _, c := range chunks {
			if c.Loaded {
				return false
			}
		}
	}
	return true
}
