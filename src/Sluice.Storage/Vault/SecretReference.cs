namespace Sluice.Storage.Vault;

/// <summary>A reference, read. Messages name only well-formed ones: what someone wrote in its place by mistake may be the secret itself.</summary>
internal abstract record SecretReference
{
    private const string VariablePrefix = "SLUICE_SECRET_";

    private SecretReference() { }

    /// <exception cref="SecretUnavailableException">It is of no known form.</exception>
    public static SecretReference Parse(string source)
    {
        if (source.StartsWith("env:", StringComparison.Ordinal)) return Variable.Of(source[4..]);
        if (source.StartsWith("file:", StringComparison.Ordinal)) return File.Of(source[5..]);
        throw new SecretUnavailableException("A secret's reference must be env:NAME or file:PATH.");
    }

    /// <summary><c>env:NAME</c>.</summary>
    public sealed record Variable(string Name) : SecretReference
    {
        public static Variable Of(string name) =>
            name.Length > VariablePrefix.Length && name.StartsWith(VariablePrefix, StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
                ? new Variable(name)
                : throw new SecretUnavailableException(
                    $"A secret's env: reference must name a variable that begins with {VariablePrefix} and has only letters, digits and _.");

        public override string ToString() => $"env:{Name}";
    }

    /// <summary><c>file:PATH</c>, the path absolute or relative to the secret directory.</summary>
    public sealed record File(string Path) : SecretReference
    {
        public static File Of(string path) => path.Length > 0 && !path.Any(char.IsControl)
            ? new File(path)
            : throw new SecretUnavailableException("A secret's file: reference must name a path, without control characters.");

        public override string ToString() => $"file:{Path}";
    }
}
