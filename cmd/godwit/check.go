package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/check"
	"godwit/runner/postgres"
)

// checkCmd examines both ends of a task.
type checkCmd struct {
	app  *app
	json bool
}

func (a *app) checkCommand() *cobra.Command {
	c := &checkCmd{app: a}
	cmd := &cobra.Command{
		Use:   "check TASK.yaml",
		Short: "Check the prerequisites of both ends: log, rights, keys, types, settings",
		Long: `check examines source and target before a migration and changes nothing. Each result is passed, failed, warning or
skipped; what is not passed says why it matters and gives the exact statement that repairs it.

It exits with code 4 when something failed.`,
		Example: "  godwit check shop.yaml",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print the results as JSON")
	return cmd
}

// Run executes the command.
func (c *checkCmd) Run(ctx context.Context, path string) error {
	p, err := openProject(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	rep, err := p.check(ctx)
	if err != nil {
		return err
	}
	if c.json {
		err = json.NewEncoder(c.app.out).Encode(rep)
	} else {
		_, err = fmt.Fprint(c.app.out, rep.Text())
	}
	if err != nil {
		return err
	}
	return checkError(rep)
}

// checkError is exit code 4 when something failed.
func checkError(rep *check.Report) error {
	if rep.OK() {
		return nil
	}
	return &exitError{exitDiffer, fmt.Errorf("%d checks failed", rep.Count(check.Failed))}
}

// check examines both ends. A schema that cannot be converted is a failed check, not the end of the others.
func (p *project) check(ctx context.Context) (*check.Report, error) {
	o := check.Options{Schemas: p.schemas(), Match: p.task.Tables.Match, Connections: p.connections()}
	ctx, cancel := context.WithCancel(ctx)
	source, wait := check.Ahead(ctx, check.MySQL{DB: p.db}, o.Schemas)
	defer wait()
	defer cancel()
	conversion := check.Result{ID: "source-conversion", End: "source", Title: "Tables can be converted", Status: check.Passed}
	if err := p.convert(ctx); err != nil {
		conversion.Status, conversion.Found = check.Failed, err.Error()
		conversion.Why = "a table without a counterpart on the target cannot be moved"
		conversion.Fix = "see godwit convert for the findings; correct the tables on the source, or exclude them"
		if errors.Is(err, errSelection) {
			conversion.Why, conversion.Fix = "a table that is not selected is not moved", "correct the section tables of the task file"
		}
	} else {
		conversion.Found = fmt.Sprintf("%d tables", len(p.tables))
		for _, t := range p.tables {
			o.Tables = append(o.Tables, check.Table{Schema: t.Schema, Name: t.Name, TargetSchema: targetSchema(t), Target: t.Target})
		}
	}
	o.Policy = p.policies()
	var err error
	if o.Resumes, err = taskBegun(ctx, p.pool, p.task.Name); err != nil {
		return nil, err
	}
	rep, err := check.Run(ctx, source, check.Postgres{Pool: p.pool}, o)
	if err != nil {
		return nil, err
	}
	first := []check.Result{conversion}
	if conversion.Status == check.Passed {
		first = append(first, p.checkActions(ctx))
	}
	rep.Results = append(first, rep.Results...)
	return rep, nil
}

// connections is the most that a run opens on the target: for what is applied, with the lock beside it, and for rows, with the
// progress; the stream and what is compared behind it need fewer.
func (p *project) connections() int { return 2*p.task.Load.Workers + 5 }

// policies tells the task's policies of a column.
func (p *project) policies() func(schema, table, column string) change.Policy {
	byName := map[change.Name]*catalog.Table{}
	for _, t := range p.tables {
		byName[change.Name{Schema: t.Schema, Table: t.Name}] = t
	}
	policy := p.task.Values.Policy()
	return func(schema, table, column string) change.Policy {
		t := byName[change.Name{Schema: schema, Table: table}]
		if t == nil {
			t = &catalog.Table{Schema: schema, Name: table}
		}
		return policy.Of(t, column)
	}
}

// taskBegun tells that the target holds progress of the task.
func taskBegun(ctx context.Context, pool *pgxpool.Pool, task string) (bool, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("target: %w", err)
	}
	defer c.Release()
	_, ok, err := postgres.ReadState(ctx, c.Conn(), task)
	if err != nil {
		return false, fmt.Errorf("read the progress of task %s: %w", task, err)
	}
	return ok, nil
}
