using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Reads SHOW and DESCRIBE.</summary>
internal static class ShowParser
{
    public static Statement Parse(TokenReader reader)
    {
        if (reader.Take("GRANTS") || reader.Take("GRANT")) return Grants(reader);
        if (reader.Take("CATALOGS")) return new ShowStatement(ShowKind.Catalogs, null, Like(reader));
        if (reader.Take("TABLES", "DROPPED")) return new ShowDropped(reader.Take("FROM") || reader.Take("IN") ? reader.Name() : null);
        ShowKind? kind = reader.Take("SCHEMAS") || reader.Take("DATABASES") ? ShowKind.Schemas
            : reader.Take("TABLES") ? ShowKind.Tables
            : reader.Take("VIEWS") ? ShowKind.Views
            : reader.Take("USER", "FUNCTIONS") || reader.Take("FUNCTIONS") ? ShowKind.Functions
            : null;
        if (kind is null) throw reader.Wrong();
        var name = reader.Take("FROM") || reader.Take("IN") ? reader.Name() : null;
        return new ShowStatement(kind.Value, name, Like(reader));
    }

    public static Statement Describe(TokenReader reader)
    {
        if (reader.Take("CATALOG")) return new Describe(new(SecurableKind.Catalog, Named(reader, out var all)), all);
        if (reader.Take("SCHEMA") || reader.Take("DATABASE")) return new Describe(new(SecurableKind.Schema, Named(reader, out var all)), all);
        if (reader.Take("FUNCTION")) return new Describe(new(SecurableKind.Function, Named(reader, out var all)), all);
        reader.Take("TABLE");
        return new Describe(new(SecurableKind.Table, Named(reader, out var extended)), extended);
    }

    private static SqlName Named(TokenReader reader, out bool extended)
    {
        extended = reader.Take("EXTENDED") || reader.Take("FORMATTED");
        return reader.Name();
    }

    private static ShowGrants Grants(TokenReader reader)
    {
        string? principal = null;
        if (!reader.Take("ON"))
        {
            if (!reader.Take("TO")) reader.Take("FOR");
            principal = GrantParser.Principal(reader);
            reader.Expect("ON");
        }

        return new(principal, StatementParser.Target(reader));
    }

    private static string? Like(TokenReader reader)
    {
        if (reader.Take("LIKE")) return reader.String();
        return reader.Peek.Kind == TokenKind.String ? reader.String() : null;
    }
}
