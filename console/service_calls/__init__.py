"""Service calls (叫服务员) at the till: who waits, who goes, what is done; and a bell on the table that calls for itself."""
