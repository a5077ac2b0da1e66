package ledger

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

func TestErrorsAreClassified(t *testing.T) {
	e := &engine{name: sqlite, path: "/data/accolade.db"}
	for name, test := range map[string]struct {
		err    error
		kind   error
		remedy string
	}{
		"busy":                {sqlite3.Error{Code: sqlite3.ErrBusy}, ErrBusy, "try again"},
		"locked":              {sqlite3.Error{Code: sqlite3.ErrLocked}, ErrBusy, "try again"},
		"full":                {sqlite3.Error{Code: sqlite3.ErrFull}, ErrFull, "free some space"},
		"no space":            {sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.ENOSPC}, ErrFull, "free some space"},
		"over quota":          {sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EDQUOT}, ErrFull, "free some space"},
		"disk fails":          {sqlite3.Error{Code: sqlite3.ErrIoErr, SystemErrno: syscall.EIO}, ErrDamaged, "check it"},
		"corrupt":             {sqlite3.Error{Code: sqlite3.ErrCorrupt}, ErrDamaged, "restore"},
		"no database":         {sqlite3.Error{Code: sqlite3.ErrNotADB}, ErrDamaged, "/data/accolade.db"},
		"read-only":           {sqlite3.Error{Code: sqlite3.ErrReadonly}, ErrReadOnly, "permission"},
		"cannot open":         {sqlite3.Error{Code: sqlite3.ErrCantOpen}, ErrReadOnly, "permission"},
		"foreign key":         {sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintForeignKey}, ErrConflict, "does not exist"},
		"serialization":       {&pgconn.PgError{Code: "40001"}, ErrBusy, "try again"},
		"deadlock":            {&pgconn.PgError{Code: "40P01"}, ErrBusy, "try again"},
		"turn not had":        {&pgconn.PgError{Code: "55P03"}, ErrBusy, "try again"},
		"server full":         {&pgconn.PgError{Code: "53100"}, ErrFull, "free some space"},
		"server starts":       {&pgconn.PgError{Code: "57P03"}, ErrBusy, "try again"},
		"server stops":        {&pgconn.PgError{Code: "57P01"}, ErrBusy, "try again"},
		"too many clients":    {&pgconn.PgError{Code: "53300"}, ErrBusy, "max_connections"},
		"standby":             {&pgconn.PgError{Code: "25006"}, ErrReadOnly, "primary"},
		"no rights":           {&pgconn.PgError{Code: "42501"}, ErrReadOnly, "grant"},
		"server damaged":      {&pgconn.PgError{Code: "XX001"}, ErrDamaged, "restore"},
		"server foreign key":  {&pgconn.PgError{Code: "23503"}, ErrConflict, "does not exist"},
		"password":            {&pgconn.PgError{Code: "28P01"}, nil, "check the database URL"},
		"no such database":    {&pgconn.PgError{Code: "3D000"}, nil, "createdb"},
		"connection refused":  {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, ErrBusy, "cannot be reached"},
		"caller went away":    {context.Canceled, context.Canceled, ""},
		"classified already":  {&failure{ErrFull, "", errors.New("x")}, ErrFull, "free some space"},
		"something else":      {errors.New("something else"), nil, "something else"},
		"wrapped, from goose": {fmt.Errorf("migration 1: %w", sqlite3.Error{Code: sqlite3.ErrFull}), ErrFull, "free some space"},
	} {
		t.Run(name, func(t *testing.T) {
			got := e.classify(test.err)
			if test.kind != nil && !errors.Is(got, test.kind) {
				t.Errorf("%v is not of kind %v", got, test.kind)
			}
			if !strings.Contains(got.Error(), test.remedy) {
				t.Errorf("%v does not say %q", got, test.remedy)
			}
			if !errors.Is(got, test.err) {
				t.Errorf("%v hides its cause", got)
			}
		})
	}
}
