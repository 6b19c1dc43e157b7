using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Reads ALTER statements.</summary>
internal static class AlterParser
{
    public static Statement Read(TokenReader reader)
    {
        if (reader.Accept("SESSION") && !reader.IsAt("POLICY")) return AlterSessionStatement.Read(reader);
        reader.Accept("SECURITY");
        var domain = reader.IsAt("POLICY") ? Domain.SessionPolicy : reader.ReadDomain();
        if (reader.IsAt("POLICY")) reader.Take();
        var ifExists = reader.Accept("IF", "EXISTS");
        var name = domain == Domain.Account ? new(null, null, "") : Signatures.Read(reader, domain);

        var head = new AlterHead(domain, name, ifExists);
        if (reader.Accept("RENAME", "TO")) return new RenameStatement(head, reader.ReadName());
        if (reader.Accept("SWAP", "WITH")) return new SwapStatement(head, reader.ReadName());
        if (domain.IsTableLike()) return ReadTable(reader, head);
        if (domain == Domain.Tag && ReadTag(reader, head) is { } onTag) return onTag;
        if (domain is Domain.MaskingPolicy or Domain.RowAccessPolicy && reader.Accept("SET", "BODY")) return ReadBody(reader, head);
        return ReadSettings(reader, head);
    }

    private static AlterBodyStatement ReadBody(TokenReader reader, AlterHead head)
    {
        reader.ExpectSymbol("->");
        return new(head, reader.ReadRest());
    }

    private static Statement ReadSettings(TokenReader reader, AlterHead head)
    {
        if (head.Domain is Domain.User or Domain.Account && reader.Accept("SET", "SESSION", "POLICY")) return new SessionPolicyStatement(head, reader.ReadName(), reader.Accept("FORCE"));
        if (head.Domain is Domain.User or Domain.Account && reader.Accept("UNSET", "SESSION", "POLICY")) return new SessionPolicyStatement(head, null, force: false);
        if (reader.Accept("SET", "TAG")) return new SetTagsStatement(head, null, ReadTags(reader));
        if (reader.Accept("UNSET", "TAG")) return new UnsetTagsStatement(head, null, ReadNames(reader));
        if (reader.AcceptAny("ENABLE", "DISABLE"))
        {
            reader.Expect("MANAGED", "ACCESS");
            var enables = reader.Peek(-3).Is("ENABLE");
            return new AlterSettingsStatement(head, new Dictionary<string, string> { ["MANAGED ACCESS"] = enables ? "TRUE" : "FALSE" }, []);
        }

        if (reader.AcceptAny("SUSPEND", "RESUME", "REFRESH", "ABORT"))
        {
            var verb = reader.Peek(-1).Value;
            while (!reader.AtEnd) reader.Take();
            return new AlterSettingsStatement(head, new Dictionary<string, string> { ["STATE"] = verb }, []);
        }

        if (reader.Accept("UNSET"))
        {
            List<string> keys = [];
            do keys.Add(reader.ReadIdentifier());
            while (reader.AcceptSymbol(","));
            return new AlterSettingsStatement(head, new Dictionary<string, string>(), keys);
        }

        reader.Expect("SET");
        if (reader.Accept("SECURE")) return new AlterSettingsStatement(head, new Dictionary<string, string> { ["SECURE"] = "TRUE" }, []);
        return new AlterSettingsStatement(head, OptionList.Read(reader).Values, []);
    }

    private static Statement? ReadTag(TokenReader reader, AlterHead head)
    {
        if (reader.Accept("ADD", "ALLOWED_VALUES")) return new AlterTagStatement(head, CreateParser.ReadTexts(reader), [], clears: false);
        if (reader.Accept("DROP", "ALLOWED_VALUES")) return new AlterTagStatement(head, [], CreateParser.ReadTexts(reader), clears: false);
        if (reader.Accept("UNSET", "ALLOWED_VALUES")) return new AlterTagStatement(head, [], [], clears: true);
        if (reader.Accept("SET", "MASKING", "POLICY")) return new TagMaskStatement(head, reader.ReadName(), sets: true, reader.Accept("FORCE"));
        if (reader.Accept("UNSET", "MASKING", "POLICY")) return new TagMaskStatement(head, reader.ReadName(), sets: false, force: false);
        return null;
    }

    private static Statement ReadTable(TokenReader reader, AlterHead head)
    {
        if (reader.Accept("ADD", "ROW", "ACCESS", "POLICY"))
        {
            var (policy, columns) = TableParser.ReadRowAccess(reader);
            return new RowAccessStatement(head, policy, columns, drops: null);
        }

        if (reader.Accept("DROP", "ALL", "ROW", "ACCESS", "POLICIES")) return new RowAccessStatement(head, null, [], drops: "");
        if (reader.Accept("DROP", "ROW", "ACCESS", "POLICY"))
        {
            var dropped = reader.ReadName();
            if (!reader.AcceptSymbol(",")) return new RowAccessStatement(head, null, [], dropped.ToString());
            reader.Expect("ADD", "ROW", "ACCESS", "POLICY");
            var (policy, columns) = TableParser.ReadRowAccess(reader);
            return new RowAccessStatement(head, policy, columns, dropped.ToString());
        }

        if (reader.Accept("ADD")) return ReadAdd(reader, head);
        if (reader.Accept("RENAME", "COLUMN"))
        {
            var from = reader.ReadIdentifier();
            reader.Expect("TO");
            return new AlterColumnsStatement(head) { Rename = (from, reader.ReadIdentifier()) };
        }

        if (reader.Accept("DROP"))
        {
            reader.Accept("COLUMN");
            var ifExists = reader.Accept("IF", "EXISTS");
            List<string> names = [];
            do names.Add(reader.ReadIdentifier());
            while (reader.AcceptSymbol(","));
            return new AlterColumnsStatement(head) { Drop = names, IfExists = ifExists };
        }

        return reader.AcceptAny("ALTER", "MODIFY") ? ColumnChangeParser.Read(reader, head) : ReadSettings(reader, head);
    }

    private static AlterColumnsStatement ReadAdd(TokenReader reader, AlterHead head)
    {
        reader.Accept("COLUMN");
        var ifNotExists = reader.Accept("IF", "NOT", "EXISTS");
        List<ColumnPlan> columns = [];
        do columns.Add(TableParser.ReadColumn(reader));
        while (reader.AcceptSymbol(","));
        return new(head) { Add = columns, IfExists = ifNotExists };
    }

    internal static List<(ObjectName Tag, string Value)> ReadTags(TokenReader reader)
    {
        List<(ObjectName, string)> tags = [];
        do tags.Add(OptionList.ReadTag(reader));
        while (reader.AcceptSymbol(","));
        return tags;
    }

    internal static List<ObjectName> ReadNames(TokenReader reader)
    {
        List<ObjectName> names = [];
        do names.Add(reader.ReadName());
        while (reader.AcceptSymbol(","));
        return names;
    }
}

/// <summary>What every ALTER statement begins with.</summary>
internal sealed record AlterHead(Domain Domain, ObjectName Name, bool IfExists);
