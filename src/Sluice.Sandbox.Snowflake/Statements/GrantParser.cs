using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Reads GRANT and REVOKE in all their forms.</summary>
internal static class GrantParser
{
    public static Statement Read(TokenReader reader, bool revokes)
    {
        if (reader.IsAt("DATABASE", "ROLE") || (reader.IsAt("ROLE") && reader.Peek().IsName)) return ReadRole(reader, revokes);
        var optionOnly = revokes && reader.Accept("GRANT", "OPTION", "FOR");
        var privileges = ReadPrivileges(reader);
        reader.Expect("ON");
        var target = ReadTarget(reader);
        reader.Expect(revokes ? "FROM" : "TO");
        var grantee = ReadGrantee(reader);
        var statement = new GrantStatement(privileges, target, grantee, revokes) { OptionOnly = optionOnly };
        if (privileges is ["OWNERSHIP"] && target.Extent != GrantExtent.Future)
        {
            var copies = reader.Accept("COPY", "CURRENT", "GRANTS");
            var clears = reader.Accept("REVOKE", "CURRENT", "GRANTS");
            return revokes ? throw reader.Unexpected() : new OwnershipStatement(target, grantee, copies, clears);
        }

        if (reader.Accept("WITH", "GRANT", "OPTION")) statement.WithGrantOption = true;
        if (reader.Accept("CASCADE")) statement.Cascades = true;
        reader.Accept("RESTRICT");
        return statement;
    }

    private static GrantRoleStatement ReadRole(TokenReader reader, bool revokes)
    {
        var domain = reader.Accept("DATABASE", "ROLE") ? Domain.DatabaseRole : Domain.Role;
        if (domain == Domain.Role) reader.Expect("ROLE");
        var role = reader.ReadName();
        reader.Expect(revokes ? "FROM" : "TO");
        var grantee = ReadGrantee(reader);
        return new(domain, role, grantee.Domain, grantee.Name, revokes);
    }

    /// <summary>A name alone is a role's here; GRANT … TO USER is documented with the word left out as well, which would be either.</summary>
    private static Grantee ReadGrantee(TokenReader reader)
    {
        if (reader.IsAt("USER") && reader.Peek().IsName)
        {
            reader.Take();
            return new(Domain.User, reader.ReadName());
        }

        if (reader.Accept("DATABASE", "ROLE")) return new(Domain.DatabaseRole, reader.ReadName());
        if (reader.IsAt("ROLE") && reader.Peek().IsName) reader.Take();
        return new(Domain.Role, reader.ReadName());
    }

    private static List<string> ReadPrivileges(TokenReader reader)
    {
        List<string> privileges = [];
        do
        {
            List<string> words = [];
            while (reader.Current.Kind == TokenKind.Word && !reader.IsAt("ON"))
            {
                words.Add(reader.Take().Value);
            }

            if (words.Count == 0) throw reader.Unexpected();
            privileges.Add(words is ["ALL", "PRIVILEGES"] ? "ALL" : string.Join(' ', words));
        }
        while (reader.AcceptSymbol(","));
        return privileges;
    }

    private static GrantTarget ReadTarget(TokenReader reader)
    {
        if (reader.Accept("ACCOUNT")) return new(GrantExtent.One, Domain.Account, null, null);
        var extent = reader.Accept("ALL") ? GrantExtent.All : reader.Accept("FUTURE") ? GrantExtent.Future : GrantExtent.One;
        if (extent != GrantExtent.One)
        {
            var kind = reader.ReadPluralDomain();
            reader.Expect("IN");
            var container = reader.Accept("DATABASE") ? Domain.Database : Domain.Schema;
            if (container == Domain.Schema) reader.Expect("SCHEMA");
            return new(extent, kind, reader.ReadName(), container);
        }

        var domain = reader.ReadDomain();
        var name = Signatures.Read(reader, domain);

        return new(GrantExtent.One, domain, name, null);
    }
}

internal enum GrantExtent
{
    One,
    All,
    Future,
}

/// <summary>What is granted on: one thing, or all or future things of a kind in a container.</summary>
internal sealed record GrantTarget(GrantExtent Extent, Domain Domain, ObjectName? Name, Domain? Container);

/// <summary>Whom is granted to.</summary>
internal sealed record Grantee(Domain Domain, ObjectName Name);
