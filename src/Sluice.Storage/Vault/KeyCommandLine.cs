using System.Text;

namespace Sluice.Storage.Vault;

/// <summary>A program and its arguments, taken from one line without any shell: split at blanks, single or double quotes keep blanks in.</summary>
/// <param name="Program">An absolute path.</param>
/// <param name="Arguments">As the program gets them.</param>
internal sealed record KeyCommandLine(string Program, IReadOnlyList<string> Arguments)
{
    /// <exception cref="VaultException">A quote is open, or the program is no absolute path.</exception>
    public static KeyCommandLine Parse(string line)
    {
        var words = Split(line);

        // A bare name would be looked up, in the working directory too: the program that hands out the keys is named in full.
        return words.Count > 0 && Path.IsPathFullyQualified(words[0])
            ? new KeyCommandLine(words[0], [.. words.Skip(1)])
            : throw new VaultException("The vault's key command must begin with the absolute path of a program.");
    }

    private static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var started = false;
        var quote = '\0';
        foreach (var c in line)
        {
            if (quote != '\0' && c == quote) quote = '\0';
            else if (quote != '\0') word.Append(c);
            else if (c is '"' or '\'') (quote, started) = (c, true);
            else if (!char.IsWhiteSpace(c)) (_, started) = (word.Append(c), true);
            else if (started)
            {
                words.Add(word.ToString());
                word.Clear();
                started = false;
            }
        }

        if (quote != '\0') throw new VaultException("The vault's key command has a quote that is never closed.");
        if (started) words.Add(word.ToString());
        return words;
    }
}
