using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Functions about the session and account, which are constants within a statement, and functions spelled otherwise.</summary>
internal sealed class FunctionRewriter(StatementContext context, ImmutableArray<Token> tokens)
{
    private static readonly HashSet<string> WithoutParentheses = ["CURRENT_USER", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP"];

    /// <summary>A bind that is no plain constant.</summary>
    public string Bind(Token token)
    {
        var index = int.Parse(token.Value, CultureInfo.InvariantCulture) - 1;
        return index >= 0 && index < context.Binds.Count
            ? context.Binds[index]
            : throw new SnowflakeException("002049", "42601", $"SQL compilation error: Bind variable :{token.Value} not set.");
    }

    /// <param name="at">Where the function stands; after it, or after its opening parenthesis, when it was rewritten.</param>
    /// <param name="output">What it is written to.</param>
    /// <param name="opens">True when its parenthesis was opened and is to be closed by what follows.</param>
    public bool TryRewrite(ref int at, StringBuilder output, out bool opens)
    {
        opens = false;
        var name = tokens[at].Value;
        var called = tokens[at + 1].IsSymbol("(");
        if (!called && !WithoutParentheses.Contains(name)) return false;
        if (called && tokens[at + 2].IsSymbol(")") && Simple(name) is { } constant)
        {
            at += 3;
            output.Append(' ').Append(constant);
            return true;
        }

        if (!called && Simple(name) is { } bare)
        {
            at++;
            output.Append(' ').Append(bare);
            return true;
        }

        return called && TryCall(name, ref at, output, out opens);
    }

    /// <summary>A constant among a function's arguments, as text.</summary>
    public string? Argument(TokenReader reader)
    {
        var token = reader.Take();
        return token.Kind switch
        {
            TokenKind.Text or TokenKind.Number => token.Value,
            TokenKind.Bind => Bare(Bind(token)),
            TokenKind.Word when token.Value == "NULL" => null,
            _ => throw reader.Unexpected(),
        };
    }

    private bool TryCall(string name, ref int at, StringBuilder output, out bool opens)
    {
        opens = name is "IS_ROLE_IN_SESSION" or "IS_DATABASE_ROLE_IN_SESSION" or "IS_GRANTED_TO_INVOKER_ROLE" or "DATEADD" or "TIMESTAMPADD" || (name is "DATEDIFF" or "TIMESTAMPDIFF" or "DATE_TRUNC" && (tokens[at + 2].IsName || tokens[at + 2].Kind == TokenKind.Text));
        switch (name)
        {
            case "IS_ROLE_IN_SESSION" or "IS_DATABASE_ROLE_IN_SESSION" or "IS_GRANTED_TO_INVOKER_ROLE":
                output.Append($" list_contains(CAST([{string.Join(", ", RolesFor(name).Select(role => Quoting.Text(role.Name)))}] AS VARCHAR[]),");
                at += 2;
                return true;
            case "GET_DDL":
                var named = new TokenReader("", tokens[(at + 2)..]);
                var (kind, described) = (Argument(named), Next(named));
                if (named.AcceptSymbol(",")) named.Take();
                named.ExpectSymbol(")");
                at += 2 + named.Position;
                output.Append(' ').Append(Quoting.Text(Metadata.Ddl.Of(context, kind!, described!)));
                return true;
            case "SYSTEM$GET_TAG_ON_CURRENT_COLUMN" or "SYSTEM$GET_TAG_ON_CURRENT_TABLE" when context.Protected is { } protects:
                var inner = new TokenReader("", tokens[(at + 2)..]);
                var current = context.Object(Domain.Tag, ObjectName.Parse(Argument(inner)!));
                inner.ExpectSymbol(")");
                at += 2 + inner.Position;
                output.Append(' ').Append(TagValue(current, protects.Table, name.EndsWith("COLUMN", StringComparison.Ordinal) ? protects.Column : null));
                return true;
            case "SYSTEM$GET_TAG":
                var reader = new TokenReader("", tokens[(at + 2)..]);
                var (tag, holder, domain) = (Argument(reader), Next(reader), Next(reader));
                reader.ExpectSymbol(")");
                at += 2 + reader.Position;
                output.Append(' ').Append(TagValue(tag!, holder!, domain!));
                return true;
            case "LAST_QUERY_ID":
                var number = new TokenReader("", tokens[(at + 2)..]);
                var sign = number.AcceptSymbol("-") ? -1 : 1;
                var index = sign * number.ReadInteger();
                number.ExpectSymbol(")");
                at += 2 + number.Position;
                output.Append(' ').Append(LastQuery(index) is { } run ? Quoting.Text(run.Id) : "NULL");
                return true;
            case "DATEADD" or "TIMESTAMPADD":
                output.Append($" dateadd_{Part(tokens[at + 2])}(");
                at += 4;
                return true;
            case "DATEDIFF" or "TIMESTAMPDIFF" or "DATE_TRUNC" when opens:
                output.Append($" {(name == "DATE_TRUNC" ? "\"~date_trunc\"" : "date_diff")}('{Part(tokens[at + 2])}',");
                at += 4;
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// An earlier run. In a script its own statements count, and after it the script alone, as its answer is what RESULT_SCAN then reads
    /// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets).
    /// </summary>
    public QueryRun? LastQuery(int index)
    {
        List<QueryRun> runs;
        HashSet<QueryRun> around = [];
        for (var run = context.Run; run is not null; run = run.Caller) around.Add(run);
        lock (context.Session.Runs) runs = [.. context.Session.Runs.Where(run => !around.Contains(run) && (run.Caller is null || around.Contains(run.Caller)))];
        return index < 0 ? runs.ElementAtOrDefault(runs.Count + index) : runs.ElementAtOrDefault(index - 1);
    }

    private string? Next(TokenReader reader)
    {
        reader.ExpectSymbol(",");
        return Argument(reader);
    }

    private static string Part(Token token) => token.Value.ToLowerInvariant().TrimEnd('s') switch
    {
        "d" or "dd" => "day",
        "h" or "hh" => "hour",
        "m" or "mm" or "mon" => "month",
        "mi" or "min" => "minute",
        "s" or "sec" or "" => "second",
        "w" or "wk" => "week",
        "y" or "yy" or "yyyy" => "year",
        var part => part,
    };

    private string TagValue(string tagName, string holderName, string domain)
    {
        var tag = context.Object(Domain.Tag, ObjectName.Parse(tagName));
        var parts = domain.Equals("COLUMN", StringComparison.OrdinalIgnoreCase) ? SplitColumn(holderName) : (holderName, null);
        var kind = new TokenReader(domain).TryReadDomain() is { } read and not Domain.Column ? read : Domain.Table;
        return TagValue(tag, context.Find(kind, Signatures.Called(parts.Item1)), parts.Item2);
    }

    private string TagValue(SchemaObject tag, Securable holder, string? column) =>
        Metadata.TagInheritance.Of(context.Account, holder, column).FirstOrDefault(found => found.Setting.Tag == tag) is { Setting: { } setting } ? Quoting.Text(setting.Value) : Text(null);

    /// <summary>
    /// The session's roles whatever the body is run as; database roles are those of the database in which the protected table lies
    /// (https://docs.snowflake.com/en/sql-reference/functions/is_database_role_in_session). The invoker is the role that reads the
    /// protected table: a view's owner where it is read through a view.
    /// </summary>
    private IEnumerable<RoleState> RolesFor(string function) => function switch
    {
        "IS_ROLE_IN_SESSION" => context.Reader.Active.Where(role => role.Database is null),
        "IS_DATABASE_ROLE_IN_SESSION" => context.Reader.Active.Where(role => role.Database is not null && role.Database == CurrentDatabase),
        _ => Grants.Access.Closure([context.Invoker, context.Account.Public]).Where(role => role.Database is null),
    };

    /// <summary>In the body of a policy, the database of the protected table.</summary>
    private DatabaseState? CurrentDatabase => context.Protected?.Table.Database ?? context.Session.Database;

    private static (string, string?) SplitColumn(string text)
    {
        var reader = new TokenReader(text);
        List<string> parts = [reader.ReadIdentifier()];
        while (reader.AcceptSymbol(".")) parts.Add(reader.ReadIdentifier());
        return (ObjectName.Of(parts[..^1]).ToString(), parts[^1]);
    }

    private string? Simple(string name)
    {
        var (session, options) = (context.Session, context.Runtime.Options);
        return name switch
        {
            "CURRENT_USER" => Text(session.User.Name),
            "CURRENT_ROLE" => Text(session.Role.Name),
            "CURRENT_ROLE_TYPE" => "'ROLE'",
            "CURRENT_ACCOUNT" => Text(options.AccountLocator),
            "CURRENT_ACCOUNT_NAME" => Text(options.AccountName),
            "CURRENT_ORGANIZATION_NAME" => Text(options.OrganizationName),
            "CURRENT_REGION" => Text(options.Region),
            "CURRENT_VERSION" => "'9.36.1'",
            "CURRENT_CLIENT" => "'Sandbox'",
            "CURRENT_WAREHOUSE" => Text(session.Warehouse?.Name),
            "CURRENT_DATABASE" => Text(CurrentDatabase?.Name),
            "CURRENT_SCHEMA" => Text((context.Protected?.Table.Schema ?? session.Schema)?.Name),
            "INVOKER_ROLE" => Text(context.Invoker.Name),
            "INVOKER_SHARE" => Text(null),
            "CURRENT_SCHEMAS" => Text(session.Schema is { } schema ? JsonSerializer.Serialize(new[] { schema.FullName }) : "[]"),
            "CURRENT_SESSION" => Text(session.Id.ToString(CultureInfo.InvariantCulture)),
            "CURRENT_STATEMENT" => Text(context.Run.Sql),
            "CURRENT_TRANSACTION" => "NULL",
            "CURRENT_IP_ADDRESS" => "'127.0.0.1'",
            "CURRENT_AVAILABLE_ROLES" => Text(JsonSerializer.Serialize(
                Grants.Access.Closure(session.User.Roles.Select(grant => grant.Role).Append(context.Account.Public)).Where(role => role.Database is null).Select(role => role.Name).Order(StringComparer.Ordinal))),
            "CURRENT_SECONDARY_ROLES" => Text(JsonSerializer.Serialize(new
            {
                roles = string.Join(',', session.SecondaryInForce.Where(role => role.Database is null).Select(role => role.Name).Order(StringComparer.Ordinal)),
                value = session.SecondaryRolesAll ? "ALL" : string.Join(',', session.SecondaryRoles.Select(role => role.Name)),
            })),
            "CURRENT_TIMESTAMP" or "GETDATE" or "SYSTIMESTAMP" => $"TIMESTAMPTZ '{Moment()}+00'",
            "SYSDATE" or "LOCALTIMESTAMP" => $"TIMESTAMP '{Moment()}'",
            "CURRENT_DATE" => $"DATE '{context.Now:yyyy-MM-dd}'",
            "CURRENT_TIME" => $"TIME '{context.Now:HH:mm:ss}'",
            "LAST_QUERY_ID" => Text(LastQuery(-1)?.Id),
            _ => null,
        };
    }

    private string Moment() => context.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static string Text(string? value) => value is null ? "CAST(NULL AS VARCHAR)" : Quoting.Text(value);

    private static string? Bare(string literal) => literal == "NULL" ? null : literal.StartsWith('\'') ? literal[1..^1].Replace("''", "'", StringComparison.Ordinal) : literal;
}
