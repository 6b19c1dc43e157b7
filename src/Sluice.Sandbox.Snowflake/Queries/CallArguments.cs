using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>Arguments of a table function, by position or by name.</summary>
internal sealed class CallArguments
{
    private readonly List<string?> positional = [];
    private readonly Dictionary<string, string?> named = new(StringComparer.Ordinal);

    public int Count => positional.Count + named.Count;

    public static CallArguments Read(TokenReader reader, FunctionRewriter functions)
    {
        var arguments = new CallArguments();
        while (!reader.AcceptSymbol(")"))
        {
            if (arguments.Count > 0) reader.ExpectSymbol(",");
            if (reader.Peek().IsSymbol("=>"))
            {
                var name = reader.ReadIdentifier();
                reader.ExpectSymbol("=>");
                arguments.named[name] = functions.Argument(reader);
            }
            else arguments.positional.Add(functions.Argument(reader));
        }

        return arguments;
    }

    public string? At(int index) => positional.ElementAtOrDefault(index);

    public string? Named(string name) => named.GetValueOrDefault(name);
}
