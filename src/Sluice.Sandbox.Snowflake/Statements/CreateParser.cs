using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Reads CREATE statements.</summary>
internal static class CreateParser
{
    private static readonly string[] Modifiers =
        ["TRANSIENT", "TEMPORARY", "TEMP", "LOCAL", "GLOBAL", "VOLATILE", "SECURE", "RECURSIVE", "SECURITY", "API", "STORAGE", "NOTIFICATION", "HYBRID"];

    public static Statement Read(TokenReader reader)
    {
        var replaces = reader.Accept("OR", "REPLACE");
        HashSet<string> modifiers = [];
        while (Modifiers.FirstOrDefault(word => reader.IsAt(word)) is { } modifier)
        {
            reader.Take();
            modifiers.Add(modifier);
        }

        var domain = reader.ReadDomain();
        var ifNotExists = reader.Accept("IF", "NOT", "EXISTS");
        var name = reader.ReadName();
        ifNotExists |= reader.Accept("IF", "NOT", "EXISTS");
        var head = new CreateHead(domain, name, replaces, ifNotExists, modifiers);
        return domain switch
        {
            Domain.View or Domain.MaterializedView => ReadView(reader, head),
            Domain.MaskingPolicy or Domain.RowAccessPolicy => ReadPolicy(reader, head),
            Domain.Function => ReadFunction(reader, head),
            Domain.Tag => ReadTag(reader, head),
            _ when domain.IsTableLike() => TableParser.Read(reader, head),
            Domain.Database or Domain.Schema or Domain.Role or Domain.DatabaseRole or Domain.User or Domain.Warehouse
                or Domain.Integration or Domain.NetworkPolicy or Domain.SessionPolicy => ReadPlain(reader, head),
            _ => throw reader.Unexpected(),
        };
    }

    private static CreatePlainStatement ReadPlain(TokenReader reader, CreateHead head)
    {
        ObjectName? source = null;
        if (head.Domain is Domain.Database or Domain.Schema && reader.Accept("CLONE")) source = reader.ReadName();
        if (head.Domain == Domain.Database && reader.Accept("FROM", "SHARE")) head.Modifiers.Add($"SHARE {reader.ReadName()}");
        if (reader.Accept("WITH", "MANAGED", "ACCESS")) head.Modifiers.Add("MANAGED");
        return new(head, OptionList.Read(reader), source);
    }

    private static CreateViewStatement ReadView(TokenReader reader, CreateHead head)
    {
        var text = reader.Sql;
        var columns = TableParser.ReadViewColumns(reader);
        var copies = false;
        var options = new OptionList();
        (ObjectName, List<string>)? rowAccess = null;
        while (!reader.IsAt("AS"))
        {
            if (reader.Accept("COPY", "GRANTS")) copies = true;
            else if (reader.Accept("WITH", "ROW", "ACCESS", "POLICY") || reader.Accept("ROW", "ACCESS", "POLICY")) rowAccess = TableParser.ReadRowAccess(reader);
            else if (!OptionList.TryReadOne(reader, options)) throw reader.Unexpected();
        }

        reader.Expect("AS");
        return new(head, columns, options, copies, rowAccess, reader.ReadRest(), text);
    }

    private static CreatePolicyStatement ReadPolicy(TokenReader reader, CreateHead head)
    {
        reader.Expect("AS");
        var arguments = ReadArguments(reader);
        reader.Expect("RETURNS");
        var returns = reader.ReadType();
        reader.ExpectSymbol("->");
        var first = reader.Position;
        while (!reader.AtEnd && !(reader.IsAt("COMMENT") && reader.Peek().IsSymbol("=")) && !(reader.IsAt("EXEMPT_OTHER_POLICIES") && reader.Peek().IsSymbol("="))) reader.Take();
        var body = reader.TextOf(first, reader.Position);
        return new(head, arguments, returns, body, OptionList.Read(reader));
    }

    private static CreateFunctionStatement ReadFunction(TokenReader reader, CreateHead head)
    {
        var arguments = ReadArguments(reader);
        var copies = reader.Accept("COPY", "GRANTS");
        reader.Expect("RETURNS");
        if (reader.IsAt("TABLE")) throw Wire.SnowflakeException.Unsupported("table functions");
        var returns = reader.ReadType();
        var options = new OptionList();
        var memoizable = false;
        while (!reader.IsAt("AS"))
        {
            if (reader.Accept("MEMOIZABLE")) memoizable = true;
            else if (reader.Accept("LANGUAGE")) options["LANGUAGE"] = reader.ReadIdentifier();
            else if (reader.Accept("NOT", "NULL") || reader.AcceptAny("VOLATILE", "IMMUTABLE", "STRICT") || reader.Accept("CALLED", "ON", "NULL", "INPUT")) continue;
            else if (!OptionList.TryReadOne(reader, options)) throw reader.Unexpected();
        }

        reader.Expect("AS");
        return new(head, arguments, returns, reader.ReadText().Trim(), memoizable, copies, options);
    }

    private static CreateTagStatement ReadTag(TokenReader reader, CreateHead head)
    {
        List<string> values = [];
        var options = new OptionList();
        while (!reader.AtEnd)
        {
            if (reader.Accept("ALLOWED_VALUES")) values = ReadTexts(reader);
            else if (!OptionList.TryReadOne(reader, options)) throw reader.Unexpected();
        }

        return new(head, values, options);
    }

    internal static List<string> ReadTexts(TokenReader reader)
    {
        List<string> texts = [];
        do texts.Add(reader.ReadText());
        while (reader.AcceptSymbol(","));
        return texts;
    }

    private static List<Argument> ReadArguments(TokenReader reader)
    {
        List<Argument> arguments = [];
        reader.ExpectSymbol("(");
        while (!reader.AcceptSymbol(")"))
        {
            if (arguments.Count > 0) reader.ExpectSymbol(",");
            var name = reader.ReadIdentifier();
            arguments.Add(new(name, reader.ReadType()));
            if (reader.Accept("DEFAULT")) reader.Take();
        }

        return arguments;
    }
}

/// <summary>What every CREATE statement begins with.</summary>
internal sealed record CreateHead(Domain Domain, ObjectName Name, bool Replaces, bool IfNotExists, HashSet<string> Modifiers);
