using DuckDB.NET.Data;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.SystemTables;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Runs one statement for a session.</summary>
internal sealed class StatementRunner(SandboxRuntime runtime, Session session)
{
    /// <summary>False for the sandbox's own changes.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>The id under which a warehouse runs it; null for a cluster's command.</summary>
    public string? StatementId { get; init; }

    /// <exception cref="SqlException">The statement failed, as Databricks would say it.</exception>
    public SqlResult Run(string text, CancellationToken cancellationToken)
    {
        var statement = StatementParser.Parse(IdentifierClause.Resolved(session, text), session.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Value));
        if (IsCounted) runtime.Requests.Ran(statement.Verb);
        session.Activity = IsCounted && runtime.SystemLog.IsRecording ? new(StatementId) : null;
        try
        {
            var result = Run(statement, cancellationToken);
            if (session.Activity is { } activity) StatementRows.Add(runtime, session, statement, activity);
            return result;
        }
        catch (DuckDBException problem)
        {
            throw EngineErrors.Translate(problem);
        }
        catch (DatabricksException problem)
        {
            // The grant rules are shared with REST; SQL says the same in its own classes.
            throw problem.Code switch
            {
                "PERMISSION_DENIED" => SqlException.Refused(problem.Message),
                "PRINCIPAL_DOES_NOT_EXIST" => new SqlException("PRINCIPAL_DOES_NOT_EXIST", "42704", problem.Message),
                _ => SqlException.Parameter(problem.Message),
            };
        }
    }

    private SqlResult Run(Statement statement, CancellationToken cancellationToken)
    {
        if (session.Activity is { } activity) activity.Statement = statement;
        switch (statement)
        {
            case Query query:
                return QueryRunner.Select(runtime, session, query.Text, cancellationToken);
            case Change change:
                return new QueryRunner(runtime, session).Change(change, cancellationToken);
            case ShowStatement show:
                return new ShowCommands(runtime.State, session).Show(show);
            case ShowGrants show:
                return new ShowCommands(runtime.State, session).Grants(show);
            case Describe describe:
                return new ShowCommands(runtime.State, session).Describe(describe);
            case Use use:
                return UseWhat(use);
            case DeclareVariable declare:
                Variables(cancellationToken).Declare(declare);
                return SqlResult.Nothing();
            case SetVariables set:
                Variables(cancellationToken).Set(set);
                return SqlResult.Nothing();
            case DropVariable drop:
                Variables(cancellationToken).Drop(drop);
                return SqlResult.Nothing();
            case ExecuteImmediate execute:
                return Immediate(Variables(cancellationToken).TextOf(execute), cancellationToken);
            case GrantStatement grant:
                runtime.Change(state => GrantChanges.Apply(state, session.Caller, Resolve.Target(state, session, grant.On), [grant.Edit]));
                return SqlResult.Nothing();
            case Alter alter:
                new AlterCommands(runtime, session).Run(alter);
                return SqlResult.Nothing();
            case Drop drop:
                new DropCommands(runtime, session).Drop(drop);
                return SqlResult.Nothing();
            case Undrop undrop:
                new DropCommands(runtime, session).Undrop(undrop);
                return SqlResult.Nothing();
            case ShowDropped show:
                return new DropCommands(runtime, session).ShowDropped(show.In);
            default:
                return new CatalogCommands(runtime, session).Create(statement, cancellationToken);
        }
    }

    private VariableCommands Variables(CancellationToken cancellationToken) => new(runtime, session, cancellationToken);

    private SqlResult Immediate(string text, CancellationToken cancellationToken)
    {
        var statement = StatementParser.Parse(IdentifierClause.Resolved(session, text));
        if (statement is ExecuteImmediate) throw new SqlException("NESTED_EXECUTE_IMMEDIATE", "07501", "Nested EXECUTE IMMEDIATE commands are not allowed.");
        if (IsCounted) runtime.Requests.Ran(statement.Verb);
        return Run(statement, cancellationToken);
    }

    private SqlResult UseWhat(Use use)
    {
        var state = runtime.State;
        if (use.IsCatalog)
        {
            session.Catalog = Resolve.Target(state, session, new(SecurableKind.Catalog, use.Name)).FullName;
            session.Schema = Session.DefaultSchema;
        }
        else
        {
            var found = Resolve.Target(state, session, new(SecurableKind.Schema, use.Name));
            session.Catalog = found.Catalog!.Name;
            session.Schema = found.Schema!.Name;
        }

        return SqlResult.Nothing();
    }
}
