using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Scripting;

/// <content>
/// Branches (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/branch) and loops
/// (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/loops).
/// </content>
internal sealed partial class ScriptParser
{
    private IfNode ReadIf(int at)
    {
        var branches = ImmutableArray.CreateBuilder<(ScriptPart?, ImmutableArray<ScriptNode>)>();
        do
        {
            var condition = ReadCondition();
            reader.Expect("THEN");
            branches.Add((condition, ReadBody("ELSEIF", "ELSE", "END")));
        }
        while (reader.Accept("ELSEIF"));
        if (reader.Accept("ELSE")) branches.Add((null, ReadBody("END")));
        reader.Expect("END", "IF");
        return new(at, branches.ToImmutable());
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/snowflake-scripting/case.</summary>
    private CaseNode ReadCase(int at)
    {
        var of = reader.Current.IsSymbol("(") ? ReadCondition() : null;
        var branches = ImmutableArray.CreateBuilder<(ScriptPart?, ImmutableArray<ScriptNode>)>();
        do
        {
            reader.Expect("WHEN");
            var when = ReadExpression("THEN");
            reader.Expect("THEN");
            branches.Add((when, ReadBody("WHEN", "ELSE", "END")));
        }
        while (reader.IsAt("WHEN"));
        if (reader.Accept("ELSE")) branches.Add((null, ReadBody("END")));
        reader.Expect("END");
        reader.Accept("CASE");
        return new(at, of, branches.ToImmutable());
    }

    private ScriptNode ReadFor(int at)
    {
        if (!reader.Current.IsName) throw reader.Unexpected();
        var name = reader.Take();
        reader.Expect("IN");
        var ofRows = reader.Current.IsName && reader.Peek().Is("DO") && names.Find(reader.Current.Value) is NameKind.Cursor or NameKind.ResultSet;
        return ofRows ? ReadRowsLoop(at, name) : ReadCountLoop(at, name);
    }

    private RowsNode ReadRowsLoop(int at, Token name)
    {
        var of = reader.Take().Value;
        reader.Expect("DO");
        var first = jumps.Count;
        names.Enter();
        names.Declare(sql, name, NameKind.Row);
        var body = ReadBody("END");
        names.Leave();
        reader.Expect("END", "FOR");
        return new(at, name.Value, of, body, ReadLabel(first));
    }

    private CountNode ReadCountLoop(int at, Token name)
    {
        var reverse = reader.Accept("REVERSE");
        if (reader.Current.IsSymbol("(") && (reader.Peek().Is("SELECT") || reader.Peek().Is("SHOW"))) throw ScriptErrors.Unsupported(sql, reader.Current.Start, "FOR OVER A QUERY THAT IS NO CURSOR OR RESULTSET");
        var from = ReadExpression("TO", "DO", "LOOP");
        reader.Expect("TO");
        var to = ReadExpression("DO", "LOOP");
        if (!reader.AcceptAny("DO", "LOOP")) throw reader.Unexpected();
        var first = jumps.Count;
        names.Enter();
        names.Declare(sql, name, NameKind.Counter);
        var body = ReadBody("END");
        names.Leave();
        ExpectEnd("FOR");
        return new(at, name.Value, from, to, reverse, body, ReadLabel(first));
    }

    private LoopNode ReadWhile(int at)
    {
        var condition = ReadCondition();
        if (!reader.AcceptAny("DO", "LOOP")) throw reader.Unexpected();
        var first = jumps.Count;
        var body = ReadBody("END");
        ExpectEnd("WHILE");
        return new(at, condition, null, body, ReadLabel(first));
    }

    private LoopNode ReadRepeat(int at)
    {
        var first = jumps.Count;
        var body = ReadBody("UNTIL");
        reader.Expect("UNTIL");
        var condition = ReadCondition();
        reader.Expect("END", "REPEAT");
        return new(at, null, condition, body, ReadLabel(first));
    }

    private LoopNode ReadLoop(int at)
    {
        var first = jumps.Count;
        var body = ReadBody("END");
        reader.Expect("END", "LOOP");
        return new(at, null, null, body, ReadLabel(first));
    }

    private JumpNode ReadJump(Token at, bool breaks)
    {
        var label = reader.Current.IsName ? reader.Take().Value : null;
        jumps.Add((label, at));
        return new(at.Start, breaks, label);
    }

    private void ExpectEnd(string word)
    {
        reader.Expect("END");
        if (!reader.AcceptAny(word, "LOOP")) throw reader.Unexpected();
    }

    /// <summary>The label of the loop that ends here, which jumps in it may name.</summary>
    private string? ReadLabel(int first)
    {
        var label = reader.Current.IsName ? reader.Take().Value : null;
        for (var i = jumps.Count - 1; i >= first; i--)
        {
            if (jumps[i].Label is null || jumps[i].Label == label) jumps.RemoveAt(i);
        }

        return label;
    }

    /// <summary>Jumps that no loop around them was for.</summary>
    private void DemandLoops()
    {
        foreach (var (missed, at) in jumps)
        {
            throw ScriptErrors.Compilation(sql, at.Start, missed is null ? $"{at.Value} stands in no loop." : $"{at.Value} names no loop around it: '{Quoting.Identifier(missed)}'.");
        }
    }
}
