using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>Reads SHOW commands.</summary>
internal static class ShowParser
{
    public static Statement Read(TokenReader reader)
    {
        var terse = reader.Accept("TERSE");
        if (reader.Accept("FUTURE", "GRANTS")) return ReadFutureGrants(reader);
        if (reader.Accept("GRANTS"))
        {
            var named = ReadLike(reader);
            var grants = ReadGrants(reader);
            grants.Filter = new(named, null, reader.Accept("LIMIT") ? reader.ReadInteger() : null, null);
            return grants;
        }

        if (reader.Accept("PARAMETERS")) return ReadParameters(reader);
        if (reader.Accept("VARIABLES")) return new ShowVariables(ReadLike(reader));
        var what = ReadWhat(reader);
        var history = reader.Accept("HISTORY");
        var like = ReadLike(reader);
        var scope = ReadScope(reader);
        like ??= ReadLike(reader);
        string? startsWith = null, from = null;
        int? limit = null;
        if (reader.Accept("STARTS", "WITH")) startsWith = reader.ReadText();
        if (reader.Accept("LIMIT"))
        {
            limit = reader.ReadInteger();
            if (reader.Accept("FROM")) from = reader.ReadText();
        }

        return new ShowStatement(what) { Terse = terse, History = history, Filter = new(like, startsWith, limit, from), Scope = scope };
    }

    private static ShowWhat ReadWhat(TokenReader reader)
    {
        if (reader.Accept("OBJECTS")) return ShowWhat.Objects;
        if (reader.Accept("COLUMNS")) return ShowWhat.Columns;
        if (reader.Accept("USER", "FUNCTIONS")) return new(Domain.Function);
        if (reader.AcceptAny("SECURITY", "API", "STORAGE", "NOTIFICATION") && reader.IsAt("INTEGRATIONS")) reader.Expect("INTEGRATIONS");
        else return reader.Accept("INTEGRATIONS") ? new(Domain.Integration) : new(reader.ReadPluralDomain());
        return new(Domain.Integration);
    }

    private static string? ReadLike(TokenReader reader) => reader.Accept("LIKE") ? reader.ReadText() : null;

    private static ShowScope ReadScope(TokenReader reader)
    {
        if (!reader.Accept("IN")) return new(null, null);
        if (reader.Accept("ACCOUNT")) return new(Domain.Account, null);
        foreach (var (word, domain) in ((string, Domain)[])[("DATABASE", Domain.Database), ("SCHEMA", Domain.Schema), ("TABLE", Domain.Table), ("VIEW", Domain.View)])
        {
            if (reader.Accept(word)) return new(domain, reader.Current.IsName && !reader.IsAt("STARTS") && !reader.IsAt("LIMIT") && !reader.IsAt("LIKE") ? reader.ReadName() : null);
        }

        return new(null, reader.ReadName());
    }

    private static ShowGrants ReadGrants(TokenReader reader)
    {
        if (reader.Accept("ON"))
        {
            if (reader.Accept("ACCOUNT")) return new(GrantsView.On, Domain.Account, null);
            var domain = reader.ReadDomain();
            return new(GrantsView.On, domain, Signatures.Read(reader, domain));
        }

        if (reader.Accept("OF"))
        {
            var domain = reader.Accept("DATABASE", "ROLE") ? Domain.DatabaseRole : Domain.Role;
            if (domain == Domain.Role) reader.Expect("ROLE");
            return new(GrantsView.Of, domain, reader.ReadName());
        }

        if (reader.Accept("TO"))
        {
            if (reader.Accept("DATABASE", "ROLE")) return new(GrantsView.To, Domain.DatabaseRole, reader.ReadName());
            var domain = reader.Accept("USER") ? Domain.User : Domain.Role;
            if (domain == Domain.Role) reader.Expect("ROLE");
            return new(GrantsView.To, domain, reader.ReadName());
        }

        return new(GrantsView.To, Domain.User, null);
    }

    private static ShowGrants ReadFutureGrants(TokenReader reader)
    {
        if (reader.Accept("IN"))
        {
            var domain = reader.Accept("DATABASE") ? Domain.Database : Domain.Schema;
            if (domain == Domain.Schema) reader.Expect("SCHEMA");
            return new(GrantsView.FutureIn, domain, reader.ReadName());
        }

        reader.Expect("TO");
        var grantee = reader.Accept("DATABASE", "ROLE") ? Domain.DatabaseRole : Domain.Role;
        if (grantee == Domain.Role) reader.Expect("ROLE");
        return new(GrantsView.FutureTo, grantee, reader.ReadName());
    }

    private static ShowParameters ReadParameters(TokenReader reader)
    {
        var like = ReadLike(reader);
        if (reader.AcceptAny("IN", "FOR"))
        {
            if (!reader.AcceptAny("SESSION", "ACCOUNT")) _ = (reader.ReadDomain(), reader.AtEnd ? null : reader.ReadName());
        }

        return new(like ?? ReadLike(reader));
    }
}
