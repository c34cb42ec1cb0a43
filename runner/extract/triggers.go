package extract

import (
	"context"
	"fmt"
)

// ReadTriggers reads the triggers of the named schemas and nothing else of them.
func (s *Source) ReadTriggers(ctx context.Context, schemas ...string) (*Result, error) {
	r := &Result{Flavor: s.flavor, Version: s.version}
	var err error
	if r.Settings, err = s.settings(ctx); err != nil {
		return nil, err
	}
	if r.Schemas, err = s.choose(ctx, schemas); err != nil {
		return nil, err
	}
	for _, schema := range r.Schemas {
		if _, err := s.conn.ExecContext(ctx, "USE "+quote(schema)); err != nil {
			return nil, err
		}
		if err := s.show(ctx, r, Object{Kind: Schema, Schema: schema, Name: schema}, ""); err != nil {
			return nil, err
		}
		if err := s.triggers(ctx, r, schema); err != nil {
			return nil, fmt.Errorf("read schema %s: %w", schema, err)
		}
	}
	return r, s.rights(ctx, r)
}
