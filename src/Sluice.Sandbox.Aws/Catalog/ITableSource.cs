namespace Sluice.Sandbox.Aws.Catalog;

/// <summary>The tables a database was born with, in ordinal order of their names.</summary>
internal interface ITableSource
{
    int Count { get; }

    string NameAt(int index);

    TableDefinition At(int index);

    TagAssignment TagsAt(int index);

    /// <summary>The index of a name, or the complement of where it would stand.</summary>
    int IndexOf(string name);
}
