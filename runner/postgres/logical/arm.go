package logical

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/change"
)

// Slot is the state of a task's slot.
type Slot struct {
	There     bool
	Active    bool // a stream runs
	Lost      bool // the server gave it up
	Confirmed LSN  // everything up to here is safe at the other end
	Retained  int64
}

// Slot reads the state of the task's slot.
func (s *Source) Slot(ctx context.Context) (Slot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slot(ctx)
}

// Armed tells that there is anything on the server that Arm makes.
func (s *Source) Armed(ctx context.Context) (armed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.control.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_catalog.pg_replication_slots WHERE slot_name = $1 AND database = current_database())
		OR EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = $1)`, s.name).Scan(&armed)
	if err != nil {
		return false, transient(fmt.Errorf("look for slot %s: %w", s.name, err))
	}
	return armed, nil
}

func (s *Source) slot(ctx context.Context) (Slot, error) {
	var out Slot
	var confirmed string
	err := s.control.QueryRow(ctx, `SELECT active, coalesce(wal_status, '') = 'lost', coalesce(confirmed_flush_lsn::text, '0/0'),
		coalesce(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn), 0)::bigint
		FROM pg_catalog.pg_replication_slots WHERE slot_name = $1 AND database = current_database()`, s.name).
		Scan(&out.Active, &out.Lost, &confirmed, &out.Retained)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, nil
	}
	if err == nil {
		out.There = true
		out.Confirmed, err = ParseLSN(confirmed)
	}
	if err != nil {
		return out, transient(fmt.Errorf("read slot %s: %w", s.name, err))
	}
	return out, nil
}

// Check tells all that would keep Arm and Stream from their work, each with the next step. Nothing is changed.
func (s *Source) Check(ctx context.Context, tables []*change.Table) ([]error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	problems, err := s.checkServer(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		d, err := describe(ctx, s.control, t)
		if err != nil {
			if change.IsTransient(err) {
				return nil, err
			}
			problems = append(problems, err)
			continue
		}
		if len(d.extra) > 0 {
			problems = append(problems, fmt.Errorf("%w: table %s has columns that the other side lacks (%s): what is written there could not go back; drop them",
				ErrSettings, t.Name(), strings.Join(d.extra, ", ")))
		}
		p, err := s.checkTable(ctx, t)
		if err != nil {
			return nil, err
		}
		problems = append(problems, p...)
	}
	return problems, nil
}

func (s *Source) checkServer(ctx context.Context) (problems []error, err error) {
	var level string
	var may, create, slots, senders bool
	err = s.control.QueryRow(ctx, `SELECT current_setting('wal_level'),
		r.rolreplication OR r.rolsuper OR EXISTS (SELECT FROM pg_catalog.pg_roles m
			WHERE m.rolname IN ('rds_replication', 'cloudsqlsuperuser') AND pg_has_role(m.oid, 'member')),
		has_database_privilege(current_database(), 'CREATE'),
		(SELECT count(*) < current_setting('max_replication_slots')::int FROM pg_catalog.pg_replication_slots WHERE slot_name <> $1),
		(SELECT count(*) < current_setting('max_wal_senders')::int FROM pg_catalog.pg_stat_replication)
		FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`, s.name).Scan(&level, &may, &create, &slots, &senders)
	if err != nil {
		return nil, transient(fmt.Errorf("read the settings of %s: %w", s.ep, err))
	}
	note := func(bad bool, what string) {
		if bad {
			problems = append(problems, fmt.Errorf("%w: %s", ErrSettings, what))
		}
	}
	note(level != "logical", "wal_level is "+level+", it must be logical; set it and restart the server before the move")
	note(!may, "the role has no right to replicate; run ALTER ROLE CURRENT_USER REPLICATION as an administrator")
	note(!create, "the role must not make publications; run GRANT CREATE ON DATABASE to it")
	note(!slots, "all replication slots are taken; raise max_replication_slots or drop one")
	note(!senders, "all senders are taken; raise max_wal_senders")
	return problems, nil
}

func (s *Source) checkTable(ctx context.Context, t *change.Table) (problems []error, err error) {
	var kind, persistence string
	var owner bool
	err = s.control.QueryRow(ctx, `SELECT relkind::text, relpersistence::text, pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class WHERE oid = to_regclass($1)`,
		qualified(t)).Scan(&kind, &persistence, &owner)
	if err != nil {
		return nil, transient(fmt.Errorf("describe %s: %w", qualified(t), err))
	}
	if kind != "r" && kind != "p" {
		problems = append(problems, fmt.Errorf("%w: %s is no table", ErrSettings, qualified(t)))
	}
	if persistence != "p" {
		problems = append(problems, fmt.Errorf("%w: changes of %s are not logged; run ALTER TABLE %s SET LOGGED", ErrSettings, qualified(t), qualified(t)))
	}
	if !owner {
		problems = append(problems, fmt.Errorf("%w: the role does not own %s, so it cannot publish it", ErrSettings, qualified(t)))
	}
	return problems, nil
}

// comment is what the publication's comment keeps: the tables whose identity was changed.
type comment struct {
	Full []string `json:"replica_identity_full"`
}

// Arm makes the server keep every change of tables from now on, and returns the position behind which they are kept. What was
// armed before under the task's name is made anew. Nobody may write to the tables meanwhile.
func (s *Source) Arm(ctx context.Context, tables []*change.Table) (change.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.dropSlot(ctx); err != nil {
		return nil, err
	}
	if err := s.publish(ctx, tables); err != nil {
		return nil, transient(fmt.Errorf("publish the tables of %s: %w", s.ep, err))
	}
	// The slot comes last: what it decodes must be published already.
	var text string
	err := s.control.QueryRow(ctx, "SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')", s.name).Scan(&text)
	if err != nil {
		return nil, transient(fmt.Errorf("make slot %s: %w", s.name, err))
	}
	return ParseLSN(text)
}

func (s *Source) publish(ctx context.Context, tables []*change.Table) error {
	return pgx.BeginFunc(ctx, s.control, func(tx pgx.Tx) error {
		note, err := s.readComment(ctx, tx)
		if err != nil {
			return err
		}
		var names []string
		for _, t := range tables {
			names = append(names, qualified(t))
			changed, err := wholeRows(ctx, tx, qualified(t))
			if err != nil {
				return err
			}
			for _, c := range changed {
				if !slices.Contains(note.Full, c) {
					note.Full = append(note.Full, c)
				}
			}
		}
		text, err := json.Marshal(note)
		if err != nil {
			return err
		}
		// From 18 on whole rows of a table can be kept only with the columns that the server computes.
		var version int
		if err := tx.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
			return err
		}
		computed := ""
		if version >= 180000 {
			computed = ", publish_generated_columns = stored"
		}
		id := pgx.Identifier{s.name}.Sanitize()
		for _, q := range []string{
			"DROP PUBLICATION IF EXISTS " + id,
			"CREATE PUBLICATION " + id + " FOR TABLE " + strings.Join(names, ", ") + " WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true" + computed + ")",
			"COMMENT ON PUBLICATION " + id + " IS '" + strings.ReplaceAll(string(text), "'", "''") + "'",
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return s.writable(ctx, tx)
	})
}

// writable makes sure that the server still takes updates and deletes of all that is published, before any application finds out.
func (s *Source) writable(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT format('%I.%I', n.nspname, c.relname), (SELECT format('%I', a.attname) FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attidentity = 'a', a.attnum LIMIT 1)
		FROM pg_catalog.pg_publication_rel r CROSS JOIN LATERAL (SELECT relid FROM pg_partition_tree(r.prrelid) UNION SELECT r.prrelid) t
		JOIN pg_catalog.pg_class c ON c.oid = t.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE r.prpubid = (SELECT oid FROM pg_catalog.pg_publication WHERE pubname = $1)`, s.name)
	if err != nil {
		return err
	}
	var table, col string
	var list []string
	if _, err := pgx.ForEachRow(rows, []any{&table, &col}, func() error {
		list = append(list, "EXPLAIN UPDATE "+table+" SET "+col+" = DEFAULT WHERE false", "EXPLAIN DELETE FROM "+table+" WHERE false")
		return nil
	}); err != nil {
		return err
	}
	for _, q := range list {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("%w: the server would refuse an application's statement: %w", ErrSettings, err)
		}
	}
	return nil
}

// wholeRows sets REPLICA IDENTITY FULL on a table and its partitions and returns those that had the default.
func wholeRows(ctx context.Context, tx pgx.Tx, name string) (changed []string, err error) {
	rows, err := tx.Query(ctx, `SELECT format('%I.%I', n.nspname, c.relname), c.relreplident = 'd' FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relreplident <> 'f' AND (c.oid = to_regclass($1) OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass($1)))) ORDER BY 1`, name)
	if err != nil {
		return nil, err
	}
	var table string
	var standard bool
	var all []string
	if _, err = pgx.ForEachRow(rows, []any{&table, &standard}, func() error {
		all = append(all, table)
		if standard {
			changed = append(changed, table)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, t := range all {
		if _, err := tx.Exec(ctx, "ALTER TABLE "+t+" REPLICA IDENTITY FULL"); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

func (s *Source) readComment(ctx context.Context, tx pgx.Tx) (comment, error) {
	var note comment
	var text *string
	err := tx.QueryRow(ctx, "SELECT obj_description(oid, 'pg_publication') FROM pg_catalog.pg_publication WHERE pubname = $1", s.name).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return note, nil
	}
	if err != nil || text == nil {
		return note, err
	}
	if err := json.Unmarshal([]byte(*text), &note); err != nil {
		return note, fmt.Errorf("read the comment of publication %s: %w", s.name, err)
	}
	return note, nil
}

func (s *Source) dropSlot(ctx context.Context) error {
	st, err := s.slot(ctx)
	if err != nil || !st.There {
		return err
	}
	busy, err := whileInUse(ctx, func() error {
		_, err := s.control.Exec(ctx, "SELECT pg_drop_replication_slot($1)", s.name)
		return err
	})
	switch {
	case err == nil:
		return nil
	case busy:
		return fmt.Errorf("drop slot %s: %w; end the stream first", s.name, err)
	}
	return transient(fmt.Errorf("drop slot %s: %w", s.name, err))
}

// whileInUse does something with a slot again while a stream has it: the server releases a slot a moment after its stream has ended.
// busy tells that the slot was not released in time.
func whileInUse(ctx context.Context, do func() error) (busy bool, err error) {
	for tries := 0; ; tries++ {
		err := do()
		var pg *pgconn.PgError
		switch {
		case err == nil || !errors.As(err, &pg) || pg.Code != inUse:
			return false, err
		case tries >= releaseTries:
			return true, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(releaseWait):
		}
	}
}

const (
	inUse        = "55006" // object_in_use
	releaseTries = 50
	releaseWait  = 100 * time.Millisecond
)

// Disarm drops slot and publication, so that the server need not keep its log, and gives tables back the replica identity
// that Arm changed. What is not there is passed over.
func (s *Source) Disarm(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.dropSlot(ctx); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, s.control, func(tx pgx.Tx) error {
		note, err := s.readComment(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range note.Full {
			if _, err := tx.Exec(ctx, "ALTER TABLE IF EXISTS "+t+" REPLICA IDENTITY DEFAULT"); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "DROP PUBLICATION IF EXISTS "+pgx.Identifier{s.name}.Sanitize())
		return err
	})
	if err != nil {
		return transient(fmt.Errorf("drop publication %s: %w", s.name, err))
	}
	return nil
}
