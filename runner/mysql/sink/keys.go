package sink

import (
	"context"

	"godwit/runner/change"
)

// PutOff lists no table: InnoDB's rows are kept in the order of their key, so keys are there from the start.
func (s *Sink) PutOff(context.Context) (map[string]bool, error) { return nil, nil }

// MakeKeys has nothing to make.
func (s *Sink) MakeKeys(context.Context, *change.Table, bool, bool) error { return nil }
