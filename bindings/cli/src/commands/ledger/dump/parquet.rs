//! Consents as a file of Parquet: the columns of the table, `seq` a number, all others texts that may be missing.

use super::table::{COLUMNS, Cells, Table};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// Rows that are held until they are written together.
const GROUP: usize = 10_000;

/// A file of Parquet.
pub struct Parquet {
    writer: SerializedFileWriter<File>,
    rows: Vec<Cells>,
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error.to_string())
}

impl Parquet {
    /// With its columns.
    pub fn of(file: File) -> io::Result<Parquet> {
        let column = |name: &&str| {
            let made = match *name {
                "seq" => Type::primitive_type_builder(name, Physical::INT64)
                    .with_repetition(Repetition::REQUIRED)
                    .build(),
                _ => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_repetition(Repetition::OPTIONAL)
                    .with_logical_type(Some(LogicalType::String))
                    .build(),
            };
            made.map(Arc::new)
        };
        let fields = COLUMNS.iter().map(column).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let schema = Type::group_type_builder("consents").with_fields(fields).build().map_err(failed)?;
        let how = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(how)).map_err(failed)?;
        Ok(Parquet { writer, rows: Vec::new() })
    }

    fn write(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        let mut n = 0;
        while let Some(mut column) = group.next_column()? {
            let cells = self.rows.iter().map(|row| row.get(n).and_then(Option::as_deref));
            if COLUMNS.get(n) == Some(&"seq") {
                let numbers: Vec<i64> =
                    cells.map(|it| it.and_then(|it| it.parse().ok()).unwrap_or_default()).collect();
                column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
            } else {
                let levels: Vec<i16> = cells.clone().map(|it| i16::from(it.is_some())).collect();
                let texts: Vec<ByteArray> = cells.flatten().map(ByteArray::from).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
            }
            column.close()?;
            n += 1;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

impl Table for Parquet {
    fn put(&mut self, cells: &Cells) -> io::Result<()> {
        self.rows.push(cells.clone());
        if self.rows.len() < GROUP { Ok(()) } else { self.write().map_err(failed) }
    }

    fn end(mut self: Box<Parquet>) -> io::Result<()> {
        if !self.rows.is_empty() {
            self.write().map_err(failed)?;
        }
        self.writer.into_inner().map_err(failed)?.sync_all()
    }
}
