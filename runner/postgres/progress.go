package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// ReadProgress reads phase and position of a task and nothing else, so that it may be asked often. Of a task that the
// target does not know the phase is PhaseNew.
func ReadProgress(ctx context.Context, q querier, task string) (phase, position string, err error) {
	var exists bool
	if err := q.QueryRow(ctx, `SELECT to_regclass('godwit.progress') IS NOT NULL`).Scan(&exists); err != nil {
		return "", "", err
	}
	if !exists {
		return change.PhaseNew, "", nil
	}
	err = q.QueryRow(ctx, `SELECT phase, coalesce(position, '') FROM godwit.progress WHERE task = $1`, task).Scan(&phase, &position)
	if errors.Is(err, pgx.ErrNoRows) {
		return change.PhaseNew, "", nil
	}
	return phase, position, err
}
